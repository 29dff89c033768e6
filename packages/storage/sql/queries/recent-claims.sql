-- The newest claims of one ledger since a time, oldest first.
SELECT leaf, lower(hex(id)) AS id_hex, lower(hex(claim)) AS claim_hex
FROM
(
    SELECT leaf, id, claim FROM claims
    WHERE tenant = {tenant:String} AND ledger = {ledger:String} AND rx >= {since:DateTime64(9, 'UTC')}
    ORDER BY leaf DESC
    LIMIT {limit:UInt32}
)
ORDER BY leaf
