-- Links that gave, or once gave, a change to one of some sessions.
WITH {{include:bounds}}
SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND class = 'link' AND kind = 'change_session' AND session IN {sessions:Array(String)}
    AND at >= bounds.1 AND at <= bounds.2 AND rx >= bounds.3 AND rx <= bounds.4
ORDER BY at, leaf, ledger
LIMIT {limit:UInt32}
