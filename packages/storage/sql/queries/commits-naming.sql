-- Revisions that observers told of, by their first characters or by their repository in a time.
SELECT DISTINCT kv['commit'] AS commit
FROM records
WHERE tenant = {tenant:String} AND class = 'change' AND rx >= {since:DateTime64(9, 'UTC')} AND kv['commit'] != ''
    AND (arrayExists(one -> startsWith(kv['commit'], one), {revisions:Array(String)})
        OR repo != '' AND repo = {repo:String} AND at >= {from:DateTime64(9, 'UTC')} AND at <= {to:DateTime64(9, 'UTC')})
ORDER BY commit
LIMIT {limit:UInt32}
