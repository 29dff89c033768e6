CREATE MATERIALIZED VIEW IF NOT EXISTS store_claims {{on_cluster}} TO claims AS
SELECT r.tenant AS tenant, ledger, leaf, id, claim, r.rx AS rx
FROM parsed
WHERE bitTest(targets, 2)
