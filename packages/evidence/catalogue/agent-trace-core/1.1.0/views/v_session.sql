-- Starts, ends, changes of mode and sightings of sessions.
SELECT
  leaf_index, record_sha256, id, ts, rx, rx_us, at, session, agent, agent_version, actor, grade, auth_kind,
  JSONExtract(canonical, 'body', 'Tuple(event String, approval_mode String, sandbox_mode String)') AS b,
  b.event AS event,
  b.approval_mode AS approval_mode,
  b.sandbox_mode AS sandbox_mode
FROM v_placed
WHERE position(canonical, '"class":"session"') > 0 AND class = 'session'
