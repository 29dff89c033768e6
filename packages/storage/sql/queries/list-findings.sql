-- Step one of the list: identities, newest first, by what rules wrote of them in the window.
SELECT finding, concat(replaceOne(toString(newest), ' ', 'T'), 'Z') AS at_text
FROM
(
    SELECT kv['finding'] AS finding, max(at) AS newest
    FROM records
    WHERE tenant = {tenant:String} AND class = 'finding' AND auth_kind = 'internal' AND {{include:window}} AND {{where}}
    GROUP BY finding
)
WHERE finding != '' AND (newest, finding) < ({before_at:DateTime64(9, 'UTC')}, {before_finding:String})
ORDER BY newest DESC, finding DESC
LIMIT {limit:UInt32}
