WITH
  runs AS (
    SELECT
      session,
      min(leaf_index) AS first_leaf,
      argMin(tuple(record_sha256, at, rx, rx_us, agent, actor), leaf_index) AS first_seen
    FROM v_session WHERE session != ''
    GROUP BY session HAVING first_leaf >= {from:UInt64}
  ),
  attested AS (
    SELECT
      x.session AS session,
      x.leaf_index AS leaf_index,
      any(x.rx_us) AS rx_us,
      any(x.profile) AS profile,
      any(ifNull(x.escapes_allowed, true)) AS may_escape,
      countIf(p.config_digest != '' AND p.valid_from <= x.at AND x.at < p.valid_to) > 0 AS is_approved
    FROM (SELECT * FROM v_sandbox WHERE session != '' AND is_observed AND event IN ('start', 'change')) AS x
    LEFT JOIN ref_profile AS p ON p.name = x.profile AND p.config_digest = x.config_digest
    GROUP BY x.session, x.leaf_index
  ),
  summed AS (
    SELECT
      session,
      count() AS attestations,
      min(rx_us) AS first_rx_us,
      arrayStringConcat(arraySort(groupUniqArray(profile)), ' ') AS attested_profiles,
      countIf(NOT is_approved) AS unapproved,
      countIf(may_escape) AS escapes
    FROM attested GROUP BY session
  ),
  escaped AS (SELECT session, count() AS times FROM v_sandbox WHERE session != '' AND outcome = 'escalated' GROUP BY session),
  contested AS (
    SELECT session, uniqExact(id) AS ids FROM (
      SELECT id, any(session) AS session FROM (SELECT id, session, ts, body_text FROM v_sandbox WHERE session != '') GROUP BY id HAVING uniqExact(ts, body_text) > 1
      UNION ALL
      SELECT id, session FROM v_sandbox WHERE session != '' AND id IN (SELECT contested_id FROM v_conflict)
    )
    GROUP BY session
  )
SELECT
  r.first_leaf AS leaf_index,
  r.first_seen.1 AS record_sha256,
  r.session AS item,
  r.first_seen.2 >= {p0:String} AND r.first_seen.2 < {p1:String} AS in_scope,
  r.first_seen.2 AS at,
  r.first_seen.3 AS rx,
  r.session AS session,
  r.first_seen.5 AS agent,
  s.attestations AS attestations,
  s.attested_profiles AS profiles,
  e.times AS escalations,
  s.attestations > 0 AS A,
  A AND s.first_rx_us <= r.first_seen.4 + {lateness_us:Int64} AS B,
  A AND s.unapproved = 0 AS C,
  A AND s.escapes = 0 AND e.times = 0 AS D,
  arrayFilter(code -> code != '', arrayConcat(
    [if(c.ids > 0, 'SBX01-CONTESTED', '')],
    if(NOT A, ['SBX01-NOATTEST', if(e.times > 0, 'SBX01-ESCAPE', '')], [if(B, '', 'SBX01-LATE'), if(C, '', 'SBX01-PROFILE'), if(D, '', 'SBX01-ESCAPE')])
  )) AS codes
FROM runs AS r
LEFT JOIN summed AS s ON s.session = r.session
LEFT JOIN escaped AS e ON e.session = r.session
LEFT JOIN contested AS c ON c.session = r.session
ORDER BY leaf_index
