-- What agents decided to do; read here for the labels that place an action in a tier.
SELECT
  leaf_index, id, ts, at, session, call, teller,
  if(session = '' OR call = '', concat('#', toString(leaf_index)), concat(session, '/', call)) AS item,
  JSONExtract(canonical, 'body', 'Tuple(tool String, kind String, risk Array(String), hosts Array(String), classifier String)') AS b,
  cityHash64(ts, JSONExtractRaw(canonical, 'body')) AS claim,
  b.tool AS tool,
  b.kind AS kind,
  b.risk AS risk,
  arrayMap(host -> replaceRegexpOne(lower(host), '[.]$', ''), b.hosts) AS hosts,
  b.classifier AS classifier
FROM v_placed
WHERE position(canonical, '"class":"decision"') > 0 AND class = 'decision'
