-- What observers saw of machines by name, each with the last time: activity against which silence is held.
SELECT name_seen, count() AS things, concat(replaceOne(toString(max(rx)), ' ', 'T'), 'Z') AS last_text
FROM
(
    SELECT arrayJoin(arrayDistinct(arrayFilter(name -> name IN {names:Array(String)}, [sandbox, kv['client'], kv['device'], kv['sandbox']]))) AS name_seen, rx
    FROM records
    WHERE tenant = {tenant:String} AND auth_kind = 'observer' AND class IN ('egress', 'sandbox', 'change') AND {{include:window}}
)
GROUP BY name_seen
ORDER BY name_seen
