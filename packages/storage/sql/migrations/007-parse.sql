CREATE MATERIALIZED VIEW IF NOT EXISTS parse {{on_cluster}} TO parsed AS
SELECT
    ledger, leaf, sha, id, claim, canonical, content, targets,
    JSONExtract(canonical, '{{quoted:record}}') AS r
FROM ingest
