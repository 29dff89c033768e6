-- Liveness of sources and what they say they had to drop.
SELECT
  leaf_index, record_sha256, id, ts, rx, at,
  JSONExtractString(canonical, 'src', 'id') AS source,
  epoch,
  JSONExtractUInt(canonical, 'body', 'dropped') AS dropped
FROM rec
WHERE position(canonical, '"class":"heartbeat"') > 0 AND class = 'heartbeat'
