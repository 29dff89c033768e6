SELECT count() AS held, uniqExact(leaf, path) AS different
FROM content
WHERE ledger = {ledger:String} AND leaf >= {from:UInt64} AND leaf < {to:UInt64}
    AND toDate(rx) = toDate({rx:DateTime64(9, 'UTC')})
