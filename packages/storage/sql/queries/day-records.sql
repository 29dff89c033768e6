-- What no session has, or many sessions have, of one day.
SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND class IN {classes:Array(String)} AND (class != 'egress' OR session = '')
    AND {{include:window}}
ORDER BY toStartOfHour(at), at, leaf, ledger
LIMIT {limit:UInt32}
