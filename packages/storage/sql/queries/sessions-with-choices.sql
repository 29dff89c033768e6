-- Of some sessions, those where a call has an id of its own, in a record of its own or in one that a link gave to it.
WITH {{include:bounds}}
SELECT DISTINCT session
FROM records
WHERE tenant = {tenant:String} AND session IN {sessions:Array(String)} AND class IN ('decision', 'tool_call', 'link')
    AND call != '' AND NOT startsWith(call, 'span:')
    AND at >= bounds.1 AND at <= bounds.2 AND rx >= bounds.3 AND rx <= bounds.4
