at <= {before_at:DateTime64(9, 'UTC')} AND rx <= {before_at:DateTime64(9, 'UTC')} + INTERVAL 1 DAY
    AND (at, leaf, ledger) < ({before_at:DateTime64(9, 'UTC')}, {before_leaf:UInt64}, {before_ledger:String})
