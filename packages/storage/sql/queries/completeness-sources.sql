-- Everybody who spoke in a window, by credential and by the agent that was spoken of.
SELECT
    auth_kind, subject, agent, agent_version,
    concat(replaceOne(toString(min(rx)), ' ', 'T'), 'Z') AS first_text,
    concat(replaceOne(toString(max(rx)), ' ', 'T'), 'Z') AS last_text,
    count() AS told,
    uniqExactIf(session, session != '') AS sessions,
    countIf(class = 'opaque') AS opaque,
    countIf(at_marked) AS misdated,
    countIf(seq IS NOT NULL) AS numbered,
    max(greatest(if(class = 'heartbeat', abs(toInt64OrZero(kv['clock_offset_ms'])), 0),
        if(ts IS NOT NULL AND ts > rx, dateDiff('millisecond', rx, assumeNotNull(ts)), 0))) AS offset_ms
FROM records
WHERE tenant = {tenant:String} AND auth_kind != 'internal' AND {{include:window}}
GROUP BY auth_kind, subject, agent, agent_version
ORDER BY auth_kind, subject, agent, agent_version
LIMIT {limit:UInt32}
