-- Sessions that a flow was received of since a moment: what a start looks at again for joins.
SELECT DISTINCT session
FROM records
WHERE tenant = {tenant:String} AND class IN ('egress', 'link') AND (class = 'egress' OR kind = 'sandbox_session') AND session > {after:String} AND rx >= {since:DateTime64(9, 'UTC')}
ORDER BY session
LIMIT {limit:UInt32}
