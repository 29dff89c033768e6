-- Ids under which two different claims were committed. Which of the two is true nobody can say, so neither clears anything.
SELECT DISTINCT id AS contested_id FROM (
  SELECT id FROM (
    SELECT id, leaf_index, ts, body_text FROM v_tool_call
    UNION ALL SELECT id, leaf_index, ts, body_text FROM v_approval
    UNION ALL SELECT id, leaf_index, ts, body_text FROM v_decision
  )
  GROUP BY id HAVING uniqExact(ts, body_text) > 1
  UNION ALL
  SELECT JSONExtractString(detail, 'record') AS id FROM v_integrity WHERE kind = 'conflict'
)
WHERE id != ''
