-- Network flows. Who saw one comes from the credential: `via` counts as outside the agent only under an observer's.
SELECT
  s.leaf_index AS leaf_index, s.record_sha256 AS record_sha256, s.id AS id, s.ts AS ts, s.rx AS rx, s.at AS at, s.at_us AS at_us,
  if(s.session != '', s.session, l.link_session) AS session,
  s.grade AS grade,
  replaceRegexpOne(lower(s.b.host), '[.]$', '') AS host,
  s.b.port AS port,
  s.b.action AS action,
  s.b.rule AS rule,
  s.b.via AS via,
  s.b.policy_digest AS policy_digest,
  s.body_text AS body_text,
  s.b.via IN ('proxy', 'sandbox_net') AND s.grade = 'observed' AND s.auth_kind = 'observer' AS is_observed
FROM (
  SELECT
    leaf_index, record_sha256, id, ts, rx, at, at_us, session, grade, auth_kind,
    JSONExtract(canonical, 'body', 'Tuple(
      host String, port UInt32, action String, rule String, via String, policy_digest String
    )') AS b,
    JSONExtractRaw(canonical, 'body') AS body_text
  FROM v_placed
  WHERE position(canonical, '"class":"egress"') > 0 AND class = 'egress'
) AS s
LEFT JOIN (SELECT linked, link_session FROM v_link WHERE link_kind = 'egress_call') AS l ON l.linked = s.id
