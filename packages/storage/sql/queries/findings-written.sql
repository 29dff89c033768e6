-- What rules opened since a moment: what a start may still have to tell somebody.
SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND class = 'finding' AND auth_kind = 'internal' AND status = 'open' AND rx >= {since:DateTime64(9, 'UTC')}
ORDER BY rx, leaf, ledger
LIMIT {limit:UInt32}
