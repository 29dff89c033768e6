SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND class = 'integrity' AND kind = 'gap' AND auth_kind = 'internal' AND {{include:window}}
ORDER BY toStartOfHour(at) DESC, at DESC, leaf DESC, ledger DESC
LIMIT {limit:UInt32}
