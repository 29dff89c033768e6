-- Of these sources, those whose numbers are not simply 0 to the highest, each said once: all others have no hole. Over every ledger of the tenant.
SELECT subject, source, epoch, uniqExact((seq, ts)) AS events
FROM records
WHERE tenant = {tenant:String} AND seq IS NOT NULL AND auth_kind != 'internal' AND source IN {sources:Array(String)}
    AND rx >= {since:DateTime64(9, 'UTC')}
GROUP BY subject, source, epoch
HAVING min(seq) != 0 OR uniqExact(seq) != max(seq) + 1 OR uniqExact((seq, ts)) != uniqExact(seq)
ORDER BY subject, source, epoch
LIMIT {limit:UInt32}
