-- Of some findings, which were told or given up to whom since a moment.
SELECT DISTINCT
    JSONExtractString(canonical, 'body', 'detail', 'finding') AS finding,
    JSONExtractString(canonical, 'body', 'detail', 'target') AS target
FROM records
WHERE tenant = {tenant:String} AND class = 'integrity' AND kind = 'alert' AND auth_kind = 'internal' AND rx >= {since:DateTime64(9, 'UTC')}
    AND finding IN {findings:Array(String)}
LIMIT {limit:UInt32}
