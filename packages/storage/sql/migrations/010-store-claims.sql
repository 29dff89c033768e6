CREATE MATERIALIZED VIEW IF NOT EXISTS store_claims {{on_cluster}} TO claims AS
SELECT tenant, ledger, leaf, id, claim, rx
FROM parsed
WHERE bitTest(targets, 2)
