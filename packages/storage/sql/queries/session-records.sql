WITH {{include:bounds}}
SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND session IN {sessions:Array(String)}
    AND at >= bounds.1 AND at <= bounds.2 AND rx >= bounds.3 AND rx <= bounds.4
    AND {{include:window}}
    AND at >= {after_at:DateTime64(9, 'UTC')}
    AND (at, leaf, ledger) > ({after_at:DateTime64(9, 'UTC')}, {after_leaf:Int64}, {after_ledger:String})
ORDER BY at, leaf, ledger
LIMIT {limit:UInt32}
