-- Attempts to carry a decision out. Where a source gave no session or call id, the record stands for itself:
-- missing values never compare equal. Where a source's start includes the wait for an approval, an approval is compared with the time
-- of the record instead, and of a span with its end.
SELECT
  leaf_index, record_sha256, id, ts, rx, rx_us, at, session, call, agent, actor, grade, epoch, seq, teller,
  if(session = '' OR call = '', concat('#', toString(leaf_index)), concat(session, '/', call)) AS item,
  JSONExtract(canonical, 'body', 'Tuple(
    event String, tool String, kind String, status String, exec_start String, arguments_state String,
    wait_included Bool, action_digest String, risk Array(String), hosts Array(String),
    classifier String, "primary" Bool
  )') AS b,
  cityHash64(ts, JSONExtractRaw(canonical, 'body')) AS claim,
  b.event AS event,
  b.tool AS tool,
  b.kind AS kind,
  b.status AS status,
  b.exec_start AS exec_start,
  multiIf(b.exec_start = '', '', NOT b.wait_included, b.exec_start, JSONHas(canonical, 'end'), JSONExtractString(canonical, 'end'), ts) AS begun,
  b.arguments_state AS arguments_state,
  b.action_digest AS action_digest,
  b.primary AS is_primary,
  b.risk AS risk,
  arrayMap(host -> replaceRegexpOne(lower(host), '[.]$', ''), b.hosts) AS hosts,
  b.classifier AS classifier
FROM v_placed
WHERE position(canonical, '"class":"tool_call"') > 0 AND class = 'tool_call'
