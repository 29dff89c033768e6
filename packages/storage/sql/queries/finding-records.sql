-- Step two: everything that rules and people wrote of some findings.
SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND class = 'finding' AND hasAnyTokens(words, {findings:Array(String)}) AND kv['finding'] IN {findings:Array(String)}
ORDER BY rx, leaf, ledger
LIMIT {limit:UInt32}
