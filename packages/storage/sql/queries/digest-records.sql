-- Verdicts that name an action by its digest, and the calls that carried it out. The text index finds them by the digest as a word.
SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND class IN ('approval', 'tool_call') AND hasAllTokens(words, {words:Array(String)})
    AND kv['action_digest'] = {digest:String}
ORDER BY rx, leaf, ledger
LIMIT {limit:UInt32}
