SELECT max(fence) AS fence FROM fences WHERE ledger = {ledger:String}
