-- As before, with what stands in for names that the source did not give.
ALTER TABLE store_sessions {{on_cluster}} MODIFY QUERY
SELECT
    tenant, session, toDate(rx) AS day,
    min(at) AS first_at,
    max(at) AS last_at,
    min(rx) AS first_rx,
    max(rx) AS last_rx,
    maxIf((parsed.at, parsed.agent), parsed.agent != '') AS agent,
    maxIf((parsed.at, parsed.agent_version), parsed.agent_version != '') AS agent_version,
    maxIf((parsed.at, parsed.agent_model), parsed.agent_model != '') AS agent_model,
    maxIf((parsed.at, actor), actor != '' AND actor_type != 'agent' AND auth_method != 'internal') AS principal,
    maxIf((parsed.at, parsed.repo), parsed.repo != '' AND class = 'session') AS repo,
    maxIf((parsed.at, end_reason), class = 'session' AND event = 'end') AS ended,
    groupUniqArrayIf(parsed.subject, call != '' AND auth_kind IN ('agent', 'none')) AS tellers,
    max(toUInt8(kv['session.source'] = 'trace')) AS trace_sessions,
    max(toUInt8(startsWith(call, 'span:'))) AS span_calls
FROM parsed
WHERE bitTest(targets, 3) AND session != ''
GROUP BY tenant, session, day
