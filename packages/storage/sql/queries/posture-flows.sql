-- What observers saw leave the network, each flow once whoever repeated it, counted by all that posture asks of a flow. `told`: the session it is laid at spoke for itself.
SELECT
    span, host_name, port_number, done, tied, told,
    count() AS flows,
    groupArraySorted(20)(flow) AS examples
FROM
(
    SELECT
        arrayCount(edge -> edge <= concat(replaceOne(toString(e.at), ' ', 'T'), 'Z'), {edges:Array(String)}) AS span,
        e.host AS host_name, ifNull(e.port, 0) AS port_number, e.action AS done, e.id_hex AS flow,
        e.call = '' OR startsWith(e.call, 'span:') AS is_open,
        if(is_open AND l.best.4 != '', l.best.4, e.call) AS call_name,
        multiIf(call_name = '', if(l.best.5 = 'several_calls', 'weak', 'none'), is_open AND l.best.6 = 'low', 'weak', 'explained') AS tied,
        multiIf(l.moved.1 != '' AND NOT l.moved.2, l.moved.1, e.session != '', e.session, is_open, l.best.3, '') AS session_name,
        session_name != '' AND session_name IN
        (
            SELECT session FROM records
            WHERE tenant = {tenant:String} AND auth_kind IN ('agent', 'none') AND class IN ('session', 'turn', 'inference', 'decision', 'tool_call')
                AND session != '' AND {{include:window}}
        ) AS told
    FROM records AS e
    LEFT JOIN {{include:flow-links}} AS l ON l.linked = e.id
    WHERE tenant = {tenant:String} AND class = 'egress' AND grade = 'observed' AND {{include:window}}
    ORDER BY e.id, e.sha_hex
    LIMIT 1 BY e.id
)
GROUP BY span, host_name, port_number, done, tied, told
ORDER BY flows DESC, span, host_name, port_number, done, tied, told
LIMIT {limit:UInt32}
