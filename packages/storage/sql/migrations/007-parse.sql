-- The one parse of a record. Nothing here may throw, whatever a record says: one refused record would hold up its ledger for ever.
CREATE MATERIALIZED VIEW IF NOT EXISTS parse {{on_cluster}} TO parsed AS
SELECT
    ledger, leaf, sha, id, claim, canonical, content, targets,
    `r.tenant` AS tenant, `r.rx` AS rx, `r.class` AS class, `r.ts` AS ts,
    ifNull(abs(reinterpretAsInt64(ts) - reinterpretAsInt64(rx)) > 86400000000000, true) AS at_marked,
    if(at_marked, rx, assumeNotNull(ts)) AS at,
    `r.end` AS end_at,
    `r.session` AS session, `r.turn` AS turn, `r.call` AS call,
    toFixedString(substring(unhex(`r.trace`), 1, 16), 16) AS trace,
    toFixedString(substring(unhex(`r.span`), 1, 8), 8) AS span,
    toFixedString(substring(unhex(`r.parent`), 1, 8), 8) AS parent,
    `r.grade` AS grade, `r.vantage` AS vantage,
    `r.src`.auth.method AS auth_method, `r.src`.auth.kind AS auth_kind, `r.src`.auth.subject AS subject,
    `r.src`.id AS source, `r.src`.epoch AS epoch, `r.src`.seq AS seq,
    `r.dialect`.name AS dialect,
    `r.agent`.name AS agent, `r.agent`.version AS agent_version, if(`r.agent`.model = '', `b.model`, `r.agent`.model) AS agent_model,
    `r.actor`.id AS actor, `r.actor`.type AS actor_type,
    `b.event` AS event, `b.tool` AS tool, `b.kind` AS kind,
    if(`b.status` = '', `b.state`, `b.status`) AS status,
    `b.primary` AS is_primary, `b.success` AS success, `b.exit_code` AS exit_code, `b.duration_ms` AS duration_ms,
    `b.verdict` AS verdict, `b.by` AS by, `b.scope` AS scope, `b.approver` AS approver,
    `b.host` AS host, `b.port` AS port, `b.action` AS action, `b.via` AS via, `b.rule` AS rule,
    `b.sandbox` AS sandbox, if(`b.mode` = '', `b.sandbox_mode`, `b.mode`) AS mode, `b.outcome` AS outcome,
    `b.name` AS name, `b.version` AS version, `b.severity` AS severity, `b.repo` AS repo, `b.end_reason` AS end_reason,
    `b.risk` AS risk, `b.hosts` AS hosts, `b.refs` AS refs,
    toFixedString(substring(unhex(`b.record`), 1, 16), 16) AS linked,
    `b.basis` AS basis,
    `b.input_tokens` AS input_tokens, `b.cached_input_tokens` AS cached_input_tokens, `b.output_tokens` AS output_tokens,
    `b.reasoning_tokens` AS reasoning_tokens, `b.cost_usd_micros` AS cost_usd_micros,
    mapConcat(`r.attrs`, mapFilter((k, v) -> k NOT IN ({{include:promoted}}), JSONExtract(canonical, 'body', 'Map(String, String)'))) AS kv
FROM
(
    SELECT * EXCEPT `r.body`, untuple(`r.body`) AS b
    FROM
    (
        SELECT
            ledger, leaf, sha, id, claim, canonical, content, targets,
            untuple(JSONExtract(canonical, '{{quoted:record}}')) AS r
        FROM ingest
    )
)
