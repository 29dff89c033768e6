SELECT
    session,
    concat(replaceOne(toString(min(sessions.first_at)), ' ', 'T'), 'Z') AS first_text,
    concat(replaceOne(toString(max(sessions.last_at)), ' ', 'T'), 'Z') AS last_text,
    max(sessions.agent).2 AS agent_name,
    max(sessions.agent_version).2 AS agent_version_text,
    max(sessions.agent_model).2 AS agent_model_name,
    max(sessions.principal).2 AS principal_id,
    max(sessions.repo).2 AS repo_name,
    max(sessions.ended) AS end_said,
    if(end_said.1 = toDateTime64(0, 9, 'UTC'), '', concat(replaceOne(toString(end_said.1), ' ', 'T'), 'Z')) AS ended_text,
    end_said.2 AS end_reason
FROM sessions
WHERE tenant = {tenant:String} AND {{where}}
GROUP BY session
HAVING max(sessions.last_at) >= {from:DateTime64(9, 'UTC')} AND min(sessions.first_at) < {to:DateTime64(9, 'UTC')}
    AND (min(sessions.first_at), session) < ({before_at:DateTime64(9, 'UTC')}, {before_session:String})
    AND {{having}}
ORDER BY min(sessions.first_at) DESC, session DESC
LIMIT {limit:UInt32}
