-- The (session, call) that an action's id was made of, and a record of it; of a link, the record that it links.
SELECT session, call, if(class = 'link', linked_hex, id_hex) AS record,
    concat(replaceOne(toString(least(at, ifNull(ts, at))), ' ', 'T'), 'Z') AS from_text
FROM records
WHERE tenant = {tenant:String} AND {{include:action-id}} = unhex({action:String}) AND session != '' AND call != ''
ORDER BY class = 'link', at, leaf, ledger
LIMIT 1
