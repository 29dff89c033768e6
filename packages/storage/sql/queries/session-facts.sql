-- Sessions by name, or those that worked in a repository at a moment, with who told their calls. One that no agent told a call of made no commit.
SELECT
    session,
    concat(replaceOne(toString(min(sessions.first_at)), ' ', 'T'), 'Z') AS first_text,
    concat(replaceOne(toString(max(sessions.last_at)), ' ', 'T'), 'Z') AS last_text,
    max(sessions.repo).2 AS repo_name,
    groupUniqArrayArray(sessions.tellers) AS teller_names
FROM sessions
WHERE tenant = {tenant:String} AND {{where}}
GROUP BY session
HAVING notEmpty(teller_names) AND {{having}}
ORDER BY session
LIMIT {limit:UInt32}
