-- Sources that number what they say and were heard of since a moment: a page of their names.
SELECT DISTINCT source
FROM records
WHERE tenant = {tenant:String} AND seq IS NOT NULL AND auth_kind != 'internal' AND source > {after:String}
    AND rx >= {since:DateTime64(9, 'UTC')}
ORDER BY source
LIMIT {limit:UInt32}
