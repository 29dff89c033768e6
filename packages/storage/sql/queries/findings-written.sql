-- What rules opened since a moment, page by page: what may still have to be told to somebody.
SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND class = 'finding' AND auth_kind = 'internal' AND status = 'open'
    AND rx >= {since:DateTime64(9, 'UTC')} AND (rx, leaf, ledger) > ({since:DateTime64(9, 'UTC')}, {after_leaf:Int64}, {after_ledger:String})
ORDER BY rx, leaf, ledger
LIMIT {limit:UInt32}
