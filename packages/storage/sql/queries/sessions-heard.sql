-- Sessions of which anything was received since a moment: what a start looks at again for findings.
SELECT session
FROM sessions
WHERE tenant = {tenant:String} AND session > {after:String}
GROUP BY session
HAVING max(sessions.last_rx) >= {since:DateTime64(9, 'UTC')}
ORDER BY session
LIMIT {limit:UInt32}
