-- Yeses for more than once that were given in some sessions, read where those lie.
WITH {{include:bounds}}
SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND session IN {sessions:Array(String)} AND {{include:lasting-yes}}
    AND at >= bounds.1 AND at <= bounds.2 AND rx >= bounds.3 AND rx <= bounds.4
ORDER BY at, leaf, ledger
LIMIT {limit:UInt32}
