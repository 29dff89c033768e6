-- Of each rule and version when it last found something, and how many of its findings in the window nobody has closed.
SELECT
    rule, rule_version,
    concat(replaceOne(toString(max(fired)), ' ', 'T'), 'Z') AS fired_text,
    count() AS findings,
    countIf(says = 'open' AND (said != 'closed' OR NOT hasAll(seen, shown))) AS open_findings
FROM
(
    SELECT
        kv['finding'] AS finding, any(records.rule) AS rule, any(kv['rule_version']) AS rule_version,
        maxIf(at, auth_kind = 'internal') AS fired,
        argMaxIf(status, (ifNull(basis, 0), rx), auth_kind = 'internal') AS says,
        argMaxIf(refs, (ifNull(basis, 0), rx), auth_kind = 'internal') AS shown,
        argMaxIf(status, (rx, id), auth_kind IN ('authority', 'investigator')) AS said,
        groupUniqArrayArrayIf(refs, auth_kind IN ('authority', 'investigator')) AS seen
    FROM records
    WHERE tenant = {tenant:String} AND class = 'finding' AND {{include:window}}
    GROUP BY finding
)
WHERE finding != ''
GROUP BY rule, rule_version
ORDER BY rule, rule_version
LIMIT {limit:UInt32}
