(
    -- Verdicts that name no call, with each call that they are shown on; one that was used up covers nothing.
    SELECT linked, session AS given_session, call AS given_call
    FROM records
    WHERE tenant = {tenant:String} AND class = 'link' AND kind = 'approval_call' AND auth_kind = 'internal' AND {{include:since-from}}
    GROUP BY linked, session, call
    HAVING argMin(kv['method'], (-basis, id)) NOT IN ('undecided', 'replay')
)
