-- What the ledger and the product say about themselves; nobody else may.
SELECT
  leaf_index, record_sha256, id, ts, rx, rx_us, at, canonical,
  JSONExtractString(canonical, 'body', 'kind') AS kind,
  JSONExtractRaw(canonical, 'body', 'detail') AS detail
FROM rec
WHERE position(canonical, '"class":"integrity"') > 0 AND class = 'integrity' AND auth_kind = 'internal'
