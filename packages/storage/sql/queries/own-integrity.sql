-- Our own records of one kind, received since a moment, the newest first.
SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND class = 'integrity' AND kind = {kind:String} AND auth_kind = 'internal' AND rx >= {since:DateTime64(9, 'UTC')}
ORDER BY rx DESC, leaf DESC, ledger DESC
LIMIT {limit:UInt32}
