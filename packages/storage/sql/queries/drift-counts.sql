SELECT
    stray.1 AS agent_name, stray.2 AS agent_release, stray.3 AS drift_kind, stray.4 AS drift_name,
    sum(stray.5) AS items,
    concat(replaceOne(toString(min(heard)), ' ', 'T'), 'Z') AS first_text,
    concat(replaceOne(toString(max(heard)), ' ', 'T'), 'Z') AS last_text,
    sum(sum(stray.5)) OVER () AS total,
    max(max(found)) OVER () AS records_read
FROM
(
    SELECT
        at AS heard, count() OVER () AS found,
        arrayJoin(JSONExtract(canonical, 'body', 'detail', 'counts', 'Array(Tuple(agent String, version String, kind String, name String, count UInt64))')) AS stray
    FROM
    (
        SELECT at, canonical
        FROM records
        WHERE tenant = {tenant:String} AND class = 'integrity' AND kind = 'drift' AND auth_kind = 'internal' AND {{include:window}}
        ORDER BY toStartOfHour(at) DESC, at DESC
        LIMIT {records_max:UInt32}
    )
)
WHERE {{where}}
GROUP BY agent_name, agent_release, drift_kind, drift_name
ORDER BY indexOf({kinds:Array(String)}, drift_kind), items DESC, agent_name, agent_release, drift_name
LIMIT {limit:UInt32}
