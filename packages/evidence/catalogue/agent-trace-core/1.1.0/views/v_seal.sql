-- Seals, in order.
SELECT
  leaf_index, record_sha256, ts, rx, rx_us, at,
  JSONExtract(canonical, 'body', 'Tuple("from" UInt64, "to" UInt64, gaps UInt64)') AS b,
  b.gaps AS gaps
FROM rec
WHERE position(canonical, '"class":"seal"') > 0 AND class = 'seal' AND auth_kind = 'internal'
