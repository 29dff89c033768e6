-- What agents decided to do; read here for the labels that place an action in a tier.
SELECT
  leaf_index, id, ts, at, session, call,
  if(session = '' OR call = '', concat('#', toString(leaf_index)), concat(session, '/', call)) AS item,
  JSONExtract(canonical, 'body', 'Tuple(tool String, kind String, risk Array(String), arguments_state String)') AS b,
  JSONExtractRaw(canonical, 'body') AS body_text,
  arrayConcat([concat('kind:', b.kind), concat('tool:', b.tool)], arrayMap(word -> concat('risk:', word), b.risk)) AS labels
FROM rec
WHERE position(canonical, '"class":"decision"') > 0 AND class = 'decision'
