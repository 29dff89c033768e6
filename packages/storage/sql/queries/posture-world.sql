-- Things outside the agents that a session should answer for: sandboxes a runtime started, and changes of repositories that name an agent.
SELECT
    what, tied, count() AS things, groupArraySorted(20)(thing) AS examples
FROM
(
    SELECT
        what, thing,
        max(session_name != '' AND session_name IN
        (
            SELECT session FROM records
            WHERE tenant = {tenant:String} AND auth_kind IN ('agent', 'none') AND class IN ('session', 'turn', 'inference', 'decision', 'tool_call')
                AND session != '' AND {{include:window}}
        )) AS tied
    FROM
    (
        SELECT 'sandbox' AS what, s.sandbox AS thing,
            arrayJoin([s.session, l.given]) AS session_name
        FROM records AS s
        LEFT JOIN {{include:sandbox-links}} AS l ON l.linked = s.id
        WHERE tenant = {tenant:String} AND class = 'sandbox' AND auth_kind = 'observer' AND event IN ('start', 'change') AND s.sandbox != ''
            AND {{include:window}}
        UNION ALL
        SELECT 'change' AS what, concat(c.repo, '@', c.kv['commit']) AS thing,
            if(c.session != '', c.session, if(l.won.2 = 'undecided', '', l.won.1)) AS session_name
        FROM records AS c
        LEFT JOIN
        (
            SELECT linked, argMin((session, kv['method']), (-basis, id)) AS won
            FROM records
            WHERE tenant = {tenant:String} AND class = 'link' AND kind = 'change_session' AND auth_kind = 'internal' AND {{include:since-from}}
            GROUP BY linked
        ) AS l ON l.linked = c.id
        WHERE tenant = {tenant:String} AND class = 'change' AND auth_kind = 'observer' AND {{include:window}}
    )
    GROUP BY what, thing
)
GROUP BY what, tied
ORDER BY what, tied
