SELECT leaf, canonical
FROM records
WHERE tenant = {tenant:String} AND ledger = {ledger:String} AND class = {class:String} AND leaf >= {at:UInt64} AND leaf < {to:UInt64}
ORDER BY leaf
LIMIT {rows:UInt64}
