-- Whether a source spoke before the span that is looked at: then its process did not begin in it.
SELECT 1 AS spoke
FROM records
WHERE tenant = {tenant:String} AND seq IS NOT NULL AND auth_kind != 'internal' AND subject = {subject:String} AND source = {source:String}
    AND epoch = {epoch:String} AND rx >= {from:DateTime64(9, 'UTC')} AND rx < {to:DateTime64(9, 'UTC')}
LIMIT 1
