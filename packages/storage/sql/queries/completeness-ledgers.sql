SELECT
    ledger, count() AS leaves, countIf(class = 'seal') AS seals, min(leaf) AS first_leaf, max(leaf) AS last_leaf,
    concat(replaceOne(toString(min(rx)), ' ', 'T'), 'Z') AS first_text,
    concat(replaceOne(toString(max(rx)), ' ', 'T'), 'Z') AS last_text
FROM records
WHERE tenant = {tenant:String} AND {{include:window}}
GROUP BY ledger
ORDER BY ledger
