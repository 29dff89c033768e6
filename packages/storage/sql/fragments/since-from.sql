at >= {from:DateTime64(9, 'UTC')} AND toStartOfHour(at) >= toStartOfHour({from:DateTime64(9, 'UTC')}) AND rx >= {from:DateTime64(9, 'UTC')} - INTERVAL 1 DAY
