INSERT INTO ingest (ledger, leaf, sha, id, claim, canonical, content, targets)
SELECT ledger, leaf, sha, id, claim, canonical, content, 4
FROM {{batch}}
WHERE leaf NOT IN
(
    SELECT leaf FROM claims
    WHERE ledger = {ledger:String} AND leaf >= {from:UInt64} AND leaf < {to:UInt64}
        AND toDate(rx) = toDate({rx:DateTime64(9, 'UTC')})
)
    AND {{unfenced}}
