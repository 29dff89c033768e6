(
    -- Of the traces that stand for a session, the session that they name: the link with the greatest basis, on a tie the smallest id.
    SELECT trace, argMin(session, (-basis, id)) AS named
    FROM records
    WHERE tenant = {tenant:String} AND class = 'link' AND kind = 'trace_session' AND auth_kind = 'internal' AND {{include:since-from}}
    GROUP BY trace
)
