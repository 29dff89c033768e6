(
    -- A link of low confidence is the word of whoever sat in the sandbox: it proves nothing.
    SELECT linked, argMin((session, if(kv['confidence'] = 'low', 'undecided', kv['method'])), (-basis, id)) AS won
    FROM records
    WHERE tenant = {tenant:String} AND class = 'link' AND kind = 'sandbox_session' AND auth_kind = 'internal' AND {{include:window}}
    GROUP BY linked
)
