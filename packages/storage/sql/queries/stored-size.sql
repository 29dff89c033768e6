SELECT max(size) AS size
FROM
(
    SELECT max(leaf) + 1 AS size FROM records WHERE ledger = {ledger:String} HAVING count() > 0
    UNION ALL
    SELECT max(leaf) + 1 AS size FROM content WHERE ledger = {ledger:String} HAVING count() > 0
    UNION ALL
    SELECT max(leaf) + 1 AS size FROM claims WHERE ledger = {ledger:String} HAVING count() > 0
)
