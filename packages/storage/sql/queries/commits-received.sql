-- Revisions that something was received of since a moment: what a start looks at again for joins.
SELECT DISTINCT kv['commit'] AS commit
FROM records
WHERE tenant = {tenant:String} AND class = 'change' AND rx >= {since:DateTime64(9, 'UTC')} AND kv['commit'] != '' AND kv['commit'] > {after:String}
ORDER BY commit
LIMIT {limit:UInt32}
