-- Actions that an authority named by their digest: heard of since a moment, or for more than once. What a start looks at again for joins.
SELECT DISTINCT kv['action_digest'] AS digest
FROM records
PREWHERE class = 'approval' AND auth_kind = 'authority'
WHERE tenant = {tenant:String} AND digest > {after:String} AND (rx >= {since:DateTime64(9, 'UTC')} OR scope != 'once')
ORDER BY digest
LIMIT {limit:UInt32}
