-- What sources say that they had to drop: a count that only grows while a process lives.
SELECT subject, agent, sum(most) AS dropped
FROM
(
    SELECT subject, agent, source, epoch, max(toInt64OrZero(kv['dropped'])) AS most
    FROM records
    WHERE tenant = {tenant:String} AND class = 'heartbeat' AND auth_kind != 'internal' AND {{include:window}}
    GROUP BY subject, agent, source, epoch
)
GROUP BY subject, agent
HAVING dropped > 0
ORDER BY subject, agent
LIMIT {limit:UInt32}
