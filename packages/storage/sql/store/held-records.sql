SELECT count() AS held, uniqExact(leaf) AS different
FROM records
WHERE ledger = {ledger:String} AND leaf >= {from:UInt64} AND leaf < {to:UInt64}
    AND toDate(rx) = toDate({rx:DateTime64(9, 'UTC')})
