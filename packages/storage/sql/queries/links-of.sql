-- A link has the time of its record, or one that is later: it is listed no earlier.
SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND class = 'link' AND linked IN (SELECT toFixedString(substring(unhex(arrayJoin({ids:Array(String)})), 1, 16), 16))
    AND at >= {from:DateTime64(9, 'UTC')} AND rx >= {from:DateTime64(9, 'UTC')} - INTERVAL 1 DAY
ORDER BY at, leaf, ledger
LIMIT {limit:UInt32}
