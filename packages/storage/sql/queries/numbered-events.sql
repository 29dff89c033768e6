-- The events of one source, and of the others of its sender that said one of the numbers just before a process of this source began.
SELECT source, epoch, seq,
    concat(replaceOne(toString(ts), ' ', 'T'), 'Z') AS ts_text,
    concat(replaceOne(toString(min(rx)), ' ', 'T'), 'Z') AS rx_text
FROM records
WHERE tenant = {tenant:String} AND seq IS NOT NULL AND ts IS NOT NULL AND auth_kind != 'internal' AND subject = {subject:String}
    AND source IN {sources:Array(String)} AND rx >= {since:DateTime64(9, 'UTC')}
GROUP BY source, epoch, seq, ts
ORDER BY ts, seq
LIMIT {limit:UInt32}
