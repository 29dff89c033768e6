-- Actions of a window, counted by all that a tier and a requirement are judged by. An approval, of the call itself or shown on it by a link, counts if it
-- was heard no later than 15 minutes after the record of the execution that it covers (design 4).
SELECT
    span, tool_name, kind_name, risks, host_names, classified, executed, refused, allows,
    count() AS calls,
    groupArraySorted(20)(concat(session_name, '/', call_name)) AS examples
FROM
(
    SELECT
        session_name, call_name,
        arrayCount(edge -> edge <= minIf(at_text, at_text != ''), {edges:Array(String)}) AS span,
        maxIf((ifNull(is_primary, false), class = 'tool_call', at_text, tool), class != 'approval').4 AS tool_name,
        maxIf((ifNull(is_primary, false), class = 'tool_call', at_text, kind), class != 'approval').4 AS kind_name,
        arraySort(groupUniqArrayArray(risk)) AS risks,
        arraySort(groupUniqArrayArray(hosts)) AS host_names,
        max(is_classified) AS classified,
        countIf(class = 'tool_call' AND status = 'executed') > 0 AS executed,
        minIf(rx, class = 'tool_call' AND status = 'executed') AS executed_rx,
        maxIf(actor, auth_kind = 'agent') AS holder,
        countIf((class = 'tool_call' AND status IN ('denied', 'blocked')) OR (class = 'approval' AND verdict IN ('deny', 'abort'))) > 0 AS refused,
        countIf(class IN ('decision', 'tool_call')) AS acts,
        arraySort(arrayDistinct(arrayMap(
            one -> concat(one.1, '/', one.2, '/', one.3, '/', if(one.4 != '' AND one.4 != holder, 'other', 'self')),
            arrayFilter(one -> NOT executed OR one.5 <= executed_rx + INTERVAL 15 MINUTE,
                groupArrayIf((by, scope, grade, approver, rx), class = 'approval' AND verdict IN ('allow', 'modified')))
        ))) AS allows
    FROM
    (
        SELECT
            if(kv['session.source'] = 'trace' AND moved.named != '', moved.named, r.session) AS session_name,
            if(startsWith(r.call, 'span:') AND chosen.named != '', chosen.named, r.call) AS call_name,
            concat(replaceOne(toString(r.at), ' ', 'T'), 'Z') AS at_text, kv['classifier'] != '' AS is_classified,
            class, rx, is_primary, tool, kind, status, risk, hosts, actor, auth_kind, verdict, by, scope, grade, approver
        FROM records AS r
        LEFT JOIN {{include:moved-sessions}} AS moved ON moved.trace = r.trace
        LEFT JOIN {{include:moved-calls}} AS chosen ON chosen.linked = r.id
        WHERE tenant = {tenant:String} AND session != '' AND call != '' AND class IN ('decision', 'tool_call', 'approval') AND {{include:window}}
        UNION ALL
        SELECT
            given_session AS session_name, given_call AS call_name, '' AS at_text, 0 AS is_classified,
            class, rx, is_primary, tool, kind, status, risk, hosts, actor, auth_kind, verdict, by, scope, grade, approver
        FROM records AS a
        INNER JOIN {{include:approval-links}} AS shown ON shown.linked = a.id
        WHERE tenant = {tenant:String} AND class = 'approval' AND a.id IN (SELECT linked FROM {{include:approval-links}})
    )
    GROUP BY session_name, call_name
    HAVING acts > 0
)
GROUP BY span, tool_name, kind_name, risks, host_names, classified, executed, refused, allows
ORDER BY calls DESC, span, tool_name, kind_name, risks, host_names, classified, executed, refused, allows
LIMIT {limit:UInt32}
