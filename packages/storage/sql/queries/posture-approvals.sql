-- What people decided in a window, how fast and how often they said no; and standing grants with the age of the first use that is known.
WITH
(
    SELECT (count(), countIf(stale))
    FROM
    (
        SELECT min(at) < {stale_before:DateTime64(9, 'UTC')}
            OR max(kv['expires'] != '' AND kv['expires'] < concat(replaceOne(toString(at), ' ', 'T'), 'Z')) AS stale
        FROM records
        WHERE tenant = {tenant:String} AND class = 'approval' AND verdict = 'allow' AND scope IN ('standing', 'location')
            AND at < {to:DateTime64(9, 'UTC')}
        GROUP BY subject, kv['grant'], tool, approver
        HAVING max(at) >= {from:DateTime64(9, 'UTC')}
    )
) AS standing
SELECT
    count() AS decided,
    countIf(verdict IN ('deny', 'abort')) AS denied,
    countIf(latency >= 0) AS timed,
    if(timed = 0, 0, quantileExactIf(0.5)(latency, latency >= 0)) AS median_ms,
    countIf(latency >= 0 AND latency < 500) AS hasty,
    countIf(grade = 'observed') AS observed,
    standing.1 AS grants,
    standing.2 AS stale_grants
FROM
(
    SELECT verdict, grade, if(kv['latency_ms'] = '', -1, toInt64OrZero(kv['latency_ms'])) AS latency
    FROM records
    WHERE tenant = {tenant:String} AND class = 'approval' AND by = 'human' AND verdict != 'ask' AND {{include:window}}
    ORDER BY latency DESC, verdict, grade, id
    LIMIT 1 BY session, call, verdict, approver, if(call = '', id_hex, '')
)
