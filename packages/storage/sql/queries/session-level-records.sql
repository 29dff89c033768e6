-- What holds for a session as a whole: its own records and its sandbox, without those of single calls, and the links to sandboxes that it had.
WITH {{include:bounds}}
SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND session IN {sessions:Array(String)} AND call = ''
    AND (class IN ('session', 'sandbox') OR (class = 'link' AND kind = 'session_sandbox'))
    AND at >= bounds.1 AND at <= bounds.2 AND rx >= bounds.3 AND rx <= bounds.4
ORDER BY at, leaf, ledger
LIMIT {limit:UInt32}
