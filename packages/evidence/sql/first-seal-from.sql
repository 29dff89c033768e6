SELECT leaf, canonical
FROM records
WHERE tenant = {tenant:String} AND ledger = {ledger:String} AND leaf < {size:UInt64} AND class = 'seal' AND rx >= {time:DateTime64(9, 'UTC')}
ORDER BY leaf
LIMIT 1
