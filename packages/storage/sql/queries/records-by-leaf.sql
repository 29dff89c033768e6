SELECT {{include:placed}}
FROM records
WHERE ledger = {ledger:String} AND leaf >= {from:UInt64} AND leaf < {to:UInt64}
ORDER BY leaf
