-- Attempts to carry a decision out. Where a source gave no session or call id, the record stands for itself:
-- missing values never compare equal. Where a source's start includes the wait for an approval, an approval is compared with the time
-- of the record instead.
SELECT
  leaf_index, record_sha256, id, ts, rx, rx_us, at, session, call, agent, actor, grade, epoch, seq,
  if(session = '' OR call = '', concat('#', toString(leaf_index)), concat(session, '/', call)) AS item,
  JSONExtract(canonical, 'body', 'Tuple(
    event String, tool String, kind String, status String, exec_start String, arguments_state String,
    wait_included Bool, action_digest String, risk Array(String), "primary" Bool
  )') AS b,
  JSONExtractRaw(canonical, 'body') AS body_text,
  b.event AS event,
  b.tool AS tool,
  b.kind AS kind,
  b.status AS status,
  b.exec_start AS exec_start,
  multiIf(b.exec_start = '', '', b.wait_included, ts, b.exec_start) AS begun,
  b.arguments_state AS arguments_state,
  b.action_digest AS action_digest,
  b.primary AS is_primary,
  arrayConcat([concat('kind:', b.kind), concat('tool:', b.tool)], arrayMap(word -> concat('risk:', word), b.risk)) AS labels
FROM rec
WHERE position(canonical, '"class":"tool_call"') > 0 AND class = 'tool_call'
