-- Yeses for more than once: of some sessions, of a principal, and of every authority. The word `scope` is read first: few have another than once.
SELECT {{include:placed}}
FROM records
PREWHERE class = 'approval' AND scope NOT IN ('', 'once')
WHERE tenant = {tenant:String} AND verdict IN ('allow', 'modified')
    AND (session IN {sessions:Array(String)} OR auth_kind = 'authority' OR (scope != 'session' AND actor IN {actors:Array(String)}))
ORDER BY at, leaf, ledger
LIMIT {limit:UInt32}
