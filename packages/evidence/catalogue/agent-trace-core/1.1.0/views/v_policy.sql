-- Proposals and approvals of policy versions, as heard.
SELECT
  leaf_index, record_sha256, id, ts, rx, at, auth_kind, auth_subject,
  JSONExtract(canonical, 'body', 'Tuple(
    event String, kind String, name String, version UInt64, digest String, author String, approver String,
    effective_from String, effective_to String
  )') AS b,
  b.event AS event,
  b.kind AS kind,
  b.name AS name,
  b.version AS version,
  b.digest AS digest,
  b.author AS author,
  b.approver AS approver,
  b.effective_from AS effective_from,
  b.effective_to AS effective_to,
  JSONExtractRaw(canonical, 'body', 'document') AS document
FROM rec
WHERE position(canonical, '"class":"policy"') > 0 AND class = 'policy'
