at >= {from:DateTime64(9, 'UTC')} AND at < {to:DateTime64(9, 'UTC')}
    AND toStartOfHour(at) >= toStartOfHour({from:DateTime64(9, 'UTC')})
    AND toStartOfHour(at) <= toStartOfHour(least({to:DateTime64(9, 'UTC')}, toDateTime64('2106-01-01 00:00:00', 9, 'UTC')))
    AND rx >= {from:DateTime64(9, 'UTC')} - INTERVAL 1 DAY AND rx <= {to:DateTime64(9, 'UTC')} + INTERVAL 1 DAY
