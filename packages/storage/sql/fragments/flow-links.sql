(
    SELECT linked, argMin((session, kv['method'], kv['confidence']), (-basis, id)) AS won
    FROM records
    WHERE tenant = {tenant:String} AND class = 'link' AND kind = 'egress_call' AND auth_kind = 'internal' AND {{include:window}}
    GROUP BY linked
)
