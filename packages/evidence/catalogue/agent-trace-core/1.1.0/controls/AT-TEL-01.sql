WITH
  gaps AS (
    SELECT
      JSONExtract(detail, 'Tuple(kind String, source String, epoch String, "from" String, "to" String, class String, status String)') AS g,
      leaf_index, record_sha256, at, rx
    FROM v_integrity WHERE kind = 'gap'
  ),
  gap_items AS (
    SELECT
      'gap' AS list,
      concat(g.source, '/', g.epoch, '/', g.from, '-', g.to) AS item,
      max(tuple(leaf_index, record_sha256, at, rx)) AS last_heard,
      min(at) < {p1:String} AND max(at) >= {p0:String} AS in_period,
      -- What is not said to be closed is open.
      if(argMax(g.status, leaf_index) IN ('closed', 'explained'), '', 'TEL01-GAP') AS code
    FROM gaps WHERE g.kind != 'downtime' AND g.class NOT IN ('heartbeat', 'observation')
    GROUP BY g.source, g.epoch, g.from, g.to
  ),
  downtime_items AS (
    SELECT
      'downtime' AS list,
      concat(g.from, '/', g.to) AS item,
      tuple(leaf_index, record_sha256, at, rx) AS last_heard,
      g.from < {p1:String} AND g.to >= {p0:String} AS in_period,
      'TEL01-DOWNTIME' AS code
    FROM gaps WHERE g.kind = 'downtime'
  ),
  recon_items AS (
    SELECT
      'reconciliation' AS list,
      concat(JSONExtractString(detail, 'recon'), '/', JSONExtractString(detail, 'day')) AS item,
      tuple(leaf_index, record_sha256, at, rx) AS last_heard,
      at >= {p0:String} AND at < {p1:String} AS in_period,
      -- A residual that is not stated is not zero.
      if(JSONExtractRaw(detail, 'residual') = '0', '', 'TEL01-RESIDUAL') AS code
    FROM v_integrity WHERE kind = 'recon'
  ),
  sightings AS (
    SELECT session, leaf_index, record_sha256, at, rx, 1 AS is_session, event = 'end' AS is_end FROM v_session
    UNION ALL
    SELECT session, leaf_index, record_sha256, at, rx, 0, 0 FROM v_tool_call
  ),
  sessions AS (
    SELECT
      session,
      min(leaf_index) AS first_leaf,
      max(is_session) = 1 AS is_known,
      max(is_end) = 1 AS is_ended,
      argMin(at, leaf_index) AS first_at,
      max(rx) AS last_rx,
      -- A session is listed at its first session record, else at its first call.
      argMin(tuple(leaf_index, record_sha256, at, rx), tuple(-is_session, leaf_index)) AS place
    FROM sightings WHERE session != ''
    GROUP BY session HAVING first_leaf >= {from:UInt64}
  ),
  session_items AS (
    SELECT
      'session' AS list,
      session AS item,
      place AS last_heard,
      -- A session still talking when the range ends is open, not cut off.
      first_at >= {p0:String} AND first_at < {p1:String} AND (NOT is_known OR is_ended OR last_rx < {quiet:String}) AS in_period,
      multiIf(NOT is_known, 'TEL01-NOSESSION', is_ended, '', 'TEL01-UNCLEAN') AS code
    FROM sessions
  ),
  drop_items AS (
    SELECT
      'drops' AS list,
      concat(source, '/', epoch) AS item,
      max(tuple(leaf_index, record_sha256, at, rx)) AS last_heard,
      true AS in_period,
      if(max(dropped) > 0, 'TEL01-DROPPED', '') AS code
    FROM v_heartbeat WHERE leaf_index >= {from:UInt64} AND at >= {p0:String} AND at < {p1:String}
    GROUP BY source, epoch
  ),
  listed AS (
    SELECT list, item, last_heard, in_period, code FROM gap_items
    UNION ALL SELECT list, item, last_heard, in_period, code FROM downtime_items
    UNION ALL SELECT list, item, last_heard, in_period, code FROM recon_items
    UNION ALL SELECT list, item, last_heard, in_period, code FROM session_items
    UNION ALL SELECT list, item, last_heard, in_period, code FROM drop_items
  )
SELECT
  last_heard.1 AS leaf_index,
  last_heard.2 AS record_sha256,
  item,
  in_period AS in_scope,
  last_heard.3 AS at,
  last_heard.4 AS rx,
  list,
  code = '' AS A,
  if(code = '', [], [code]) AS codes
FROM listed
WHERE leaf_index >= {from:UInt64}
ORDER BY leaf_index, list, item
