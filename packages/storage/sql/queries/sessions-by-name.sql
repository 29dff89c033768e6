-- The same scalars as of a list, by name.
SELECT
    {{include:session-scalars}}
FROM sessions
WHERE tenant = {tenant:String} AND session IN {sessions:Array(String)}
GROUP BY session
