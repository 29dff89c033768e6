SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND class = 'link' AND linked IN (SELECT unhex(arrayJoin({ids:Array(String)})))
ORDER BY at, leaf, ledger
LIMIT {limit:UInt32}
