(
    SELECT linked, argMin(call, (-basis, id)) AS named
    FROM records
    WHERE tenant = {tenant:String} AND class = 'link' AND kind = 'span_call' AND auth_kind = 'internal' AND {{include:since-from}}
    GROUP BY linked
)
