-- Changes whose trailers or attribution name one of some sessions: claims of whoever wrote them.
SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND class = 'change' AND rx >= {since:DateTime64(9, 'UTC')}
    AND hasAny(arrayConcat(JSONExtract(kv['trailer_sessions'], 'Array(String)'), JSONExtract(kv['trace_sessions'], 'Array(String)')), {sessions:Array(String)})
ORDER BY at DESC, leaf DESC, ledger DESC
LIMIT {limit:UInt32}
