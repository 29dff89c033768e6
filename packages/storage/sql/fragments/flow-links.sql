(
    -- As `matchOfFlow` places a flow: the session that a sandbox or a trace gives it, and of the links made for that session the best. A link is
    -- listed with its flow or later, however late it was made.
    SELECT linked,
        argMinIf((session, kind = 'sandbox_session' AND kv['method'] = 'undecided'), (-basis, id), kind IN ('sandbox_session', 'trace_session')) AS moved,
        arrayFirst(one -> moved.1 = '' OR (one.3 = moved.1 AND NOT moved.2), arraySort(groupArrayIf(
            (-ifNull(basis, 0), id, session, call, kv['method'], kv['confidence']), kind IN ('egress_call', 'span_call')))) AS best
    FROM records
    WHERE tenant = {tenant:String} AND class = 'link' AND kind IN ('egress_call', 'span_call', 'sandbox_session', 'trace_session')
        AND auth_kind = 'internal' AND {{include:since-from}}
    GROUP BY linked
)
