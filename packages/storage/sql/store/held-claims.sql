-- Claims expire a partition at a time; what is old enough to be gone is not missing.
SELECT count() AS held, uniqExact(leaf) AS different, {rx:DateTime64(9, 'UTC')} < now() - INTERVAL 6 DAY AS expired
FROM claims
WHERE ledger = {ledger:String} AND leaf >= {from:UInt64} AND leaf < {to:UInt64}
    AND toDate(rx) = toDate({rx:DateTime64(9, 'UTC')})
