-- Traces of which links gave a record to one of the sessions.
WITH {{include:bounds}}
SELECT DISTINCT session, trace_hex AS trace
FROM records
WHERE tenant = {tenant:String} AND session IN {sessions:Array(String)} AND class = 'link' AND kind = 'trace_session'
    AND at >= bounds.1 AND at <= bounds.2 AND rx >= bounds.3 AND rx <= bounds.4
LIMIT {limit:UInt32}
