-- What sources said in a window and carries a clue, the nearest to a moment first; of one call or session only so much, so that a loud one leaves room.
SELECT ledger, leaf, id_hex, class, session, call, grade, vantage, subject, host, ifNull(port, 0) AS port_number, action,
    concat(replaceOne(toString(at), ' ', 'T'), 'Z') AS at_text, {{how}} AS how
FROM records
WHERE tenant = {tenant:String}
    AND {{include:window}}
    AND auth_kind != 'internal'
    AND {{where}}
ORDER BY abs(reinterpretAsInt64(at) - reinterpretAsInt64({around:DateTime64(9, 'UTC')})), leaf, ledger
LIMIT {each:UInt32} BY {{by}}
LIMIT {limit:UInt32}
