-- Confinement as its runtime attests it. An attestation of `runtime` counts only under an observer's credential.
SELECT
  s.leaf_index AS leaf_index, s.record_sha256 AS record_sha256, s.id AS id, s.ts AS ts, s.rx AS rx, s.rx_us AS rx_us, s.at AS at,
  if(s.session != '', s.session, l.link_session) AS session,
  s.b.event AS event,
  s.b.profile AS profile,
  s.b.config_digest AS config_digest,
  s.b.escapes_allowed AS escapes_allowed,
  s.b.outcome AS outcome,
  s.b.attested_by = 'runtime' AND s.grade = 'observed' AND s.auth_kind = 'observer' AS is_observed,
  s.body_text AS body_text
FROM (
  SELECT
    leaf_index, record_sha256, id, ts, rx, rx_us, at, session, grade, auth_kind,
    JSONExtract(canonical, 'body', 'Tuple(
      event String, profile String, config_digest String, attested_by String, escapes_allowed Nullable(Bool), outcome String
    )') AS b,
    JSONExtractRaw(canonical, 'body') AS body_text
  FROM v_placed
  WHERE position(canonical, '"class":"sandbox"') > 0 AND class = 'sandbox'
) AS s
LEFT JOIN (SELECT linked, link_session FROM v_link WHERE link_kind = 'sandbox_session') AS l ON l.linked = s.id
