INSERT INTO ingest (ledger, leaf, sha, id, claim, canonical, content)
SELECT ledger, leaf, sha, id, claim, canonical, content
FROM {{batch}}
WHERE {{unfenced}}
