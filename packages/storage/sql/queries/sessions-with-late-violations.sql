-- Sessions that a violation, or a link to a sandbox, was received of since a moment: what a start looks at again for joins.
SELECT DISTINCT session
FROM records
WHERE tenant = {tenant:String} AND session > {after:String} AND rx >= {since:DateTime64(9, 'UTC')}
    AND ((class = 'sandbox' AND event = 'violation') OR (class = 'link' AND kind = 'session_sandbox'))
ORDER BY session
LIMIT {limit:UInt32}
