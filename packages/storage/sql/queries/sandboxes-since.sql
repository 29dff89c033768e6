-- Sandboxes that an observer told something of since a moment: what a start looks at again for joins.
SELECT DISTINCT sandbox
FROM records
WHERE tenant = {tenant:String} AND class = 'sandbox' AND auth_kind = 'observer' AND sandbox > {after:String} AND rx >= {since:DateTime64(9, 'UTC')}
ORDER BY sandbox
LIMIT {limit:UInt32}
