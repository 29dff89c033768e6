-- Findings that belong to a day and to no session. They were written on that day or, late, on any day after it.
SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND class = 'finding' AND session = '' AND kv['day'] = {day:String} AND rx >= {from:DateTime64(9, 'UTC')} - INTERVAL 1 DAY
ORDER BY rx, leaf, ledger
LIMIT {limit:UInt32}
