CREATE MATERIALIZED VIEW IF NOT EXISTS store_records {{on_cluster}} TO records AS
SELECT
    ledger, leaf, sha, id, canonical, tenant, rx, class, ts, at, at_marked, end_at, session, turn, call, trace, span, parent, grade,
    vantage, auth_method, auth_kind, subject, source, epoch, seq, dialect, agent, agent_version, agent_model, actor, actor_type, event,
    tool, kind, status, is_primary, success, exit_code, duration_ms, verdict, by, scope, approver, host, port, action, via, rule,
    sandbox, mode, outcome, name, version, severity, repo, risk, hosts, refs, linked, basis, input_tokens, cached_input_tokens,
    output_tokens, reasoning_tokens, cost_usd_micros, kv
FROM parsed
WHERE bitTest(targets, 0)
