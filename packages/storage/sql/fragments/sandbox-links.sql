(
    -- Several sessions may have had a sandbox: of each the best link counts. One of low confidence is the word of whoever sat in it: it proves nothing.
    SELECT linked, given
    FROM
    (
        SELECT linked, session AS given, argMin(if(kv['confidence'] = 'low', 'undecided', kv['method']), (-basis, id)) AS said
        FROM records
        WHERE tenant = {tenant:String} AND class = 'link' AND kind = 'session_sandbox' AND auth_kind = 'internal' AND {{include:since-from}}
        GROUP BY linked, session
    )
    WHERE said != 'undecided'
)
