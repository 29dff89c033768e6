WITH {{include:bounds}}
SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND session IN {sessions:Array(String)} AND call IN {calls:Array(String)}
    AND (session, call) IN (SELECT arrayJoin(arrayZip({pair_sessions:Array(String)}, {pair_calls:Array(String)})))
    AND at >= bounds.1 AND at <= bounds.2 AND rx >= bounds.3 AND rx <= bounds.4
ORDER BY at, leaf, ledger
LIMIT {limit:UInt32}
