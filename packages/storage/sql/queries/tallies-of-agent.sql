SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND class = 'integrity' AND kind = 'tally' AND auth_kind != 'internal'
    AND session = '' AND agent = {agent:String} AND agent_version = {release:String}
    AND {{include:window}}
ORDER BY toStartOfHour(at) DESC, at DESC, leaf DESC, ledger DESC
LIMIT {limit:UInt32}
