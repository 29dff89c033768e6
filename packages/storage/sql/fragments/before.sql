at <= {before_at:DateTime64(9, 'UTC')} AND rx <= {before_at:DateTime64(9, 'UTC')} + INTERVAL 1 DAY
    AND toStartOfHour(at) <= toStartOfHour(least({before_at:DateTime64(9, 'UTC')}, toDateTime64('2106-01-01 00:00:00', 9, 'UTC')))
    AND (at, leaf, ledger) < ({before_at:DateTime64(9, 'UTC')}, {before_leaf:UInt64}, {before_ledger:String})
