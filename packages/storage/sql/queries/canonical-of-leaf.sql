SELECT hex(canonical) AS canonical_hex FROM records WHERE ledger = {ledger:String} AND leaf = {leaf:UInt64} LIMIT 1
