-- Verdicts on decisions and standing grants. `decided` is the stated time of the verdict, else the time of the record.
SELECT
  leaf_index, record_sha256, id, ts, rx, rx_us, at, session, call, grade, epoch, seq, auth_kind, auth_subject,
  JSONExtract(canonical, 'body', 'Tuple(
    verdict String, "by" String, scope String, raw String, approver String, requester String, action_digest String,
    expires String, decided_at String, "primary" Bool
  )') AS b,
  JSONExtractRaw(canonical, 'body') AS body_text,
  b.verdict AS verdict,
  b.by AS given_by,
  b.scope AS scope,
  b.approver AS approver,
  b.requester AS requester,
  b.action_digest AS action_digest,
  b.expires AS expires,
  if(b.decided_at != '', b.decided_at, ts) AS decided,
  b.primary AS is_primary
FROM rec
WHERE position(canonical, '"class":"approval"') > 0 AND class = 'approval'
