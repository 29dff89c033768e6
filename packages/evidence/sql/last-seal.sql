SELECT leaf, canonical
FROM records
WHERE tenant = {tenant:String} AND ledger = {ledger:String} AND leaf < {size:UInt64} AND class = 'seal'
ORDER BY leaf DESC
LIMIT 1
