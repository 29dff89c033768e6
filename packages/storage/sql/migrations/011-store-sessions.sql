-- Custody's own records (links, findings) widen the time of a session but never name its agent or principal.
CREATE MATERIALIZED VIEW IF NOT EXISTS store_sessions {{on_cluster}} TO sessions AS
SELECT
    r.tenant AS tenant,
    r.session AS session,
    toDate(r.rx) AS day,
    min({{include:at}}) AS first_at,
    max({{include:at}}) AS last_at,
    min(r.rx) AS first_rx,
    max(r.rx) AS last_rx,
    maxIf(({{include:at}}, r.agent.name), r.agent.name != '') AS agent,
    maxIf(({{include:at}}, r.agent.version), r.agent.version != '') AS agent_version,
    maxIf(({{include:at}}, r.agent.model), r.agent.model != '') AS agent_model,
    maxIf(({{include:at}}, r.actor.id), r.actor.id != '' AND r.actor.type != 'agent' AND r.src.auth.method != 'internal') AS principal,
    maxIf(({{include:at}}, r.body.repo), r.body.repo != '' AND r.class = 'session') AS repo,
    maxIf(({{include:at}}, r.body.end_reason), r.class = 'session' AND r.body.event = 'end') AS ended
FROM parsed
WHERE bitTest(targets, 3) AND r.session != ''
GROUP BY tenant, session, day
