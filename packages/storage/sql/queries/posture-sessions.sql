-- Sessions in which somebody talked to an agent in a window, counted by all that posture asks of one. What an agent says of its confinement and what
-- a runtime attests are columns apart.
WITH told AS
(
    SELECT
        if(kv['session.source'] = 'trace' AND moved.named != '', moved.named, r.session) AS session_name,
        r.*
    FROM records AS r
    LEFT JOIN {{include:moved-sessions}} AS moved ON moved.trace = r.trace
    WHERE tenant = {tenant:String} AND session != '' AND {{include:window}}
        AND class IN ('session', 'turn', 'inference', 'decision', 'tool_call', 'egress', 'sandbox')
),
attested AS
(
    SELECT
        arrayJoin(arrayDistinct([s.session, l.given])) AS session_name,
        arraySort(groupUniqArrayIf(kv['config_digest'], kv['config_digest'] != '')) AS digests,
        max(kv['escapes_allowed'] = 'true' OR kv['privileged'] = 'true' OR kv['runtime_socket'] = 'true') AS escapable,
        countIf(kv['escapes_allowed'] != '') AS escapes_said,
        countIf(kv['image'] != '' OR kv['image_digest'] != '') AS images,
        countIf(kv['image_digest'] != '' OR position(kv['image'], '@sha256:') > 0) AS pinned
    FROM records AS s
    LEFT JOIN {{include:sandbox-links}} AS l ON l.linked = s.id
    WHERE tenant = {tenant:String} AND class = 'sandbox' AND auth_kind = 'observer' AND grade = 'observed' AND event IN ('start', 'change')
        AND {{include:window}}
    GROUP BY session_name
    HAVING session_name != ''
)
SELECT
    agent_name, holder, keyed, repo_name, ending, bypass, attestation, escapes, imaging, confined, reaching, watched,
    count() AS sessions,
    groupArraySorted(20)(session_name) AS examples
FROM
(
    SELECT
        session_name,
        maxIf((told.at, told.agent), told.agent != '').2 AS agent_name,
        maxIf((told.at, told.subject), auth_kind IN ('agent', 'none')).2 AS holder,
        countIf(auth_kind = 'none') = 0 AS keyed,
        maxIf((told.at, told.repo), class = 'session').2 AS repo_said,
        countIf(auth_kind IN ('agent', 'none') AND class IN ('turn', 'inference', 'decision', 'tool_call')) AS talks,
        argMaxIf(event, (told.at, ifNull(seq, -1), id), class = 'session' AND event IN ('start', 'end')) AS last_event,
        maxIf(told.at, auth_kind IN ('agent', 'none')) AS last_told,
        multiIf(last_event = 'end', 'ended', last_told < {quiet_since:DateTime64(9, 'UTC')}, 'unclean', 'open') AS ending,
        countIf(class IN ('session', 'sandbox') AND (kv['flags'] NOT IN ('', '[]')
            OR hasAny([lower(kv['approval_mode']), lower(mode)], {bypass:Array(String)}))) > 0 AS bypass,
        if(bypass, repo_said, '') AS repo_name,
        any(attested.digests) AS attestation,
        multiIf(any(attested.escapable) = 1, 'allowed', any(attested.escapes_said) = 0, 'unsaid', 'disabled') AS escapes,
        multiIf(any(attested.images) = 0, 'none', any(attested.pinned) >= any(attested.images), 'pinned', 'unpinned') AS imaging,
        countIf(class IN ('session', 'sandbox') AND mode NOT IN ('', 'none', 'off', 'danger-full-access')) > 0 AS confined,
        countIf(class IN ('decision', 'tool_call') AND (kind IN ('net', 'browser') OR has(risk, 'network'))) > 0 AS reaching,
        countIf(class = 'egress' AND grade = 'observed') > 0 AS watched
    FROM told
    LEFT JOIN attested ON attested.session_name = told.session_name
    GROUP BY session_name
    HAVING talks > 0
)
GROUP BY agent_name, holder, keyed, repo_name, ending, bypass, attestation, escapes, imaging, confined, reaching, watched
ORDER BY agent_name, holder, keyed, repo_name, ending, bypass, attestation, escapes, imaging, confined, reaching, watched
LIMIT {limit:UInt32}
