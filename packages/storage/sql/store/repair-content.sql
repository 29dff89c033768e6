-- By (leaf, path): a leaf's disclosures need not have reached the table in one part.
INSERT INTO ingest (ledger, leaf, sha, id, claim, canonical, content, targets)
SELECT ledger, leaf, sha, id, claim, canonical, groupArray(item), 2
FROM {{batch}}
ARRAY JOIN content AS item
WHERE (leaf, item.1) NOT IN
(
    SELECT leaf, path FROM content
    WHERE ledger = {ledger:String} AND leaf >= {from:UInt64} AND leaf < {to:UInt64}
        AND toDate(rx) = toDate({rx:DateTime64(9, 'UTC')})
)
    AND {{unfenced}}
GROUP BY ledger, leaf, sha, id, claim, canonical
