SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND trace = unhex({trace:String})
ORDER BY at, leaf, ledger
LIMIT {limit:UInt32}
