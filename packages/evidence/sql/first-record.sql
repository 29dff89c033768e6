SELECT leaf, canonical
FROM records
WHERE tenant = {tenant:String} AND ledger = {ledger:String} AND leaf < {size:UInt64}
ORDER BY leaf
LIMIT 1
