-- Our own newest record of a job that ran, received since a moment.
SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND class = 'integrity' AND kind = 'run' AND auth_kind = 'internal' AND rx >= {since:DateTime64(9, 'UTC')}
    AND JSONExtractString(canonical, 'body', 'detail', 'job') = {job:String}
ORDER BY rx DESC, leaf DESC, ledger DESC
LIMIT 1
