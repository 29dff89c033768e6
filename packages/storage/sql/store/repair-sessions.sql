-- Idempotent aggregates: storing every row again is the repair.
INSERT INTO ingest (ledger, leaf, sha, id, claim, canonical, content, targets)
SELECT ledger, leaf, sha, id, claim, canonical, content, 8
FROM {{batch}}
WHERE {{unfenced}}
