SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND id IN (SELECT unhex(arrayJoin({ids:Array(String)})))
ORDER BY rx, leaf, ledger
