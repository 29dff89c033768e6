SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND class = 'policy' AND ({kind:String} = '' OR kind = {kind:String})
ORDER BY kind, name, version, rx, leaf, ledger
LIMIT {limit:UInt32}
