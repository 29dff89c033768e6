-- Step one of a list: positions in key order, newest first, of the rows that carry the filter. No join, no aggregation. As of when the list began.
SELECT ledger, leaf, session, call, id_hex, concat(replaceOne(toString(at), ' ', 'T'), 'Z') AS at_text
FROM {{table}}
WHERE tenant = {tenant:String}
    AND {{include:window}}
    AND {{include:before}}
    AND rx <= {as_of:DateTime64(9, 'UTC')}
    AND {{where}}
ORDER BY toStartOfHour(at) DESC, at DESC, leaf DESC, ledger DESC
LIMIT 1 BY session, call, if(call = '', id_hex, '')
LIMIT {limit:UInt32}
