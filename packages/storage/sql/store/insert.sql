INSERT INTO ingest (ledger, leaf, sha, id, claim, canonical, content)
