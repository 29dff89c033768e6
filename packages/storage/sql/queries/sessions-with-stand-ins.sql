-- Sessions, heard of since a moment, where a trace or spans stand in for names: what a start looks at again for joins.
SELECT session
FROM sessions
WHERE tenant = {tenant:String} AND session > {after:String}
GROUP BY session
HAVING max(sessions.last_rx) >= {since:DateTime64(9, 'UTC')} AND max(sessions.{{column}}) = 1
ORDER BY session
LIMIT {limit:UInt32}
