-- Per policy: the newest approved version and everything proposed after it.
SELECT {{include:placed}}
FROM records
INNER JOIN
(
    SELECT kind, name, maxIf(ifNull(version, 0), event = 'approved') AS approved
    FROM records
    WHERE tenant = {tenant:String} AND class = 'policy' AND ({kind:String} = '' OR kind = {kind:String})
    GROUP BY kind, name
) AS newest USING (kind, name)
WHERE tenant = {tenant:String} AND class = 'policy' AND ifNull(version, 0) >= approved
ORDER BY kind, name, version, rx, leaf, ledger
LIMIT {limit:UInt32}
