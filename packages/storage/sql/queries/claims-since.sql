SELECT ledger, leaf, lower(hex(id)) AS id_hex, lower(hex(claim)) AS claim_hex
FROM claims
WHERE tenant = {tenant:String} AND rx >= {since:DateTime64(9, 'UTC')}
    AND (ledger, leaf) > ({after_ledger:String}, {after_leaf:Int64})
ORDER BY ledger, leaf
LIMIT {limit:UInt32}
