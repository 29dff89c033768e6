-- Verdicts on decisions and standing grants. `decided` is the stated time of the verdict, else the time of the record. `is_told`: an agent
-- tells it, of itself.
SELECT
  leaf_index, id, rx_us, session, call, grade, epoch, seq, auth_kind, teller,
  if(session = '' OR call = '', concat('#', toString(leaf_index)), concat(session, '/', call)) AS item,
  JSONExtract(canonical, 'body', 'Tuple(
    verdict String, "by" String, scope String, approver String, requester String, action_digest String,
    expires String, decided_at String, "primary" Bool
  )') AS b,
  cityHash64(ts, JSONExtractRaw(canonical, 'body')) AS claim,
  b.verdict AS verdict,
  b.scope AS scope,
  b.action_digest AS action_digest,
  if(b.decided_at != '', b.decided_at, ts) AS decided,
  CAST(tuple(
    decided, b.verdict NOT IN ('allow', 'modified'), epoch, seq, id, rx_us, b.by, b.expires, b.action_digest,
    b.approver, b.requester, grade, leaf_index, b.verdict, b.scope, b.primary, teller != ''
  ), 'Tuple(
    decided String, refuses Bool, epoch String, seq Int64, id String, rx_us Int64, given_by String, expires String, digest String,
    approver String, requester String, grade String, leaf UInt64, verdict String, scope String, is_primary Bool, is_told Bool
  )') AS said
FROM v_placed
WHERE position(canonical, '"class":"approval"') > 0 AND class = 'approval'
