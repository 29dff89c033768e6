SELECT
    {{include:session-scalars}}
FROM sessions
WHERE tenant = {tenant:String} AND {{where}}
GROUP BY session
HAVING max(sessions.last_at) >= {from:DateTime64(9, 'UTC')} AND min(sessions.first_at) < {to:DateTime64(9, 'UTC')}
    AND (min(sessions.first_at), session) < ({before_at:DateTime64(9, 'UTC')}, {before_session:String})
    AND {{having}}
ORDER BY min(sessions.first_at) DESC, session DESC
LIMIT {limit:UInt32}
