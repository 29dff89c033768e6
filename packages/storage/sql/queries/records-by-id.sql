SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND id IN (SELECT toFixedString(substring(unhex(arrayJoin({ids:Array(String)})), 1, 16), 16))
ORDER BY rx, leaf, ledger
