-- Of some traces that stand for a session, those where another record names one. Their records lie within a day of each other.
WITH {{include:bounds}}
SELECT DISTINCT trace_hex AS session
FROM records
PREWHERE trace IN (SELECT toFixedString(substring(unhex(arrayJoin({sessions:Array(String)})), 1, 16), 16))
WHERE tenant = {tenant:String} AND records.session != '' AND records.session != trace_hex AND class != 'link'
    AND at >= bounds.1 - INTERVAL 1 DAY AND at <= bounds.2 + INTERVAL 1 DAY
