SELECT leaf, canonical
FROM records
WHERE tenant = {tenant:String} AND ledger = {ledger:String} AND class = 'integrity' AND id = unhex({id:String})
ORDER BY leaf
LIMIT 1
