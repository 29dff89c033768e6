SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String}
    AND {{include:window}}
    AND {{include:before}}
    AND {{where}}
ORDER BY toStartOfHour(at) DESC, at DESC, leaf DESC, ledger DESC
LIMIT {limit:UInt32}
