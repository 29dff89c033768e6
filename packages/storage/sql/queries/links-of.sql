SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND class = 'link' AND linked IN (SELECT toFixedString(substring(unhex(arrayJoin({ids:Array(String)})), 1, 16), 16))
ORDER BY at, leaf, ledger
LIMIT {limit:UInt32}
