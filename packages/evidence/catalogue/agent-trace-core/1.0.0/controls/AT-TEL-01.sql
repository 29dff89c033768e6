WITH
  gaps AS (
    SELECT
      JSONExtract(detail, 'Tuple(source String, epoch String, "from" Int64, "to" Int64, class String, status String)') AS g,
      leaf_index, record_sha256, at, rx
    FROM v_integrity WHERE kind = 'gap'
  ),
  gap_items AS (
    SELECT
      'gap' AS list,
      concat(g.source, '/', g.epoch, '/', toString(g.from), '-', toString(g.to)) AS item,
      argMin(tuple(leaf_index, record_sha256, at, rx), leaf_index) AS first_heard,
      min(at) < {p1:String} AND max(at) >= {p0:String} AND max(leaf_index) >= {from:UInt64} AS in_period,
      if(argMax(g.status, leaf_index) IN ('closed', 'explained'), '', 'TEL01-GAP') AS code
    FROM gaps WHERE g.class NOT IN ('heartbeat', 'observation')
    GROUP BY g.source, g.epoch, g.from, g.to
  ),
  recon_items AS (
    SELECT
      'reconciliation' AS list,
      concat(JSONExtractString(detail, 'recon'), '/', JSONExtractString(detail, 'day')) AS item,
      tuple(leaf_index, record_sha256, at, rx) AS first_heard,
      leaf_index >= {from:UInt64} AND at >= {p0:String} AND at < {p1:String} AS in_period,
      -- A residual that is not stated is not zero.
      if(JSONHas(detail, 'residual') AND JSONExtractInt(detail, 'residual') = 0, '', 'TEL01-RESIDUAL') AS code
    FROM v_integrity WHERE kind = 'recon'
  ),
  sightings AS (
    SELECT session, leaf_index, record_sha256, at, rx, rx_us, 1 AS is_session, event = 'end' AS is_end FROM v_session
    UNION ALL SELECT session, leaf_index, record_sha256, at, rx, rx_us, 0, 0 FROM v_tool_call
    UNION ALL SELECT session, leaf_index, record_sha256, at, rx, rx_us, 0, 0 FROM v_approval
  ),
  sessions AS (
    SELECT
      session,
      argMin(tuple(leaf_index, record_sha256, at, rx), leaf_index) AS first_heard,
      max(is_session) AS is_known,
      max(is_end) AS is_ended,
      max(rx) AS last_rx
    FROM sightings WHERE session != ''
    GROUP BY session HAVING first_heard.1 >= {from:UInt64}
  ),
  session_items AS (
    SELECT
      'session' AS list,
      session AS item,
      first_heard,
      -- A session still talking when the range ends is open, not cut off.
      first_heard.3 >= {p0:String} AND first_heard.3 < {p1:String} AND (NOT is_known OR is_ended OR last_rx < {quiet:String}) AS in_period,
      multiIf(NOT is_known, 'TEL01-NOSESSION', is_ended, '', 'TEL01-UNCLEAN') AS code
    FROM sessions
  ),
  seals AS (
    SELECT
      leaf_index, record_sha256, at, rx, rx_us,
      lagInFrame(rx_us) OVER (ORDER BY leaf_index ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS before_us,
      lagInFrame(rx) OVER (ORDER BY leaf_index ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS before_rx
    FROM v_seal WHERE leaf_index + 1 >= {from:UInt64}
  ),
  downtime_items AS (
    SELECT
      'downtime' AS list,
      concat(before_rx, '/', rx) AS item,
      tuple(leaf_index, record_sha256, at, rx) AS first_heard,
      rx >= {p0:String} AND before_rx < {p1:String} AS in_period,
      'TEL01-DOWNTIME' AS code
    FROM seals WHERE before_us > 0 AND rx_us - before_us > 120000000
    UNION ALL
    SELECT
      'downtime', concat(max(rx), '/', {p1:String}), argMax(tuple(leaf_index, record_sha256, at, rx), leaf_index), true, 'TEL01-DOWNTIME'
    FROM v_seal
    HAVING count() > 0
      AND toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero({p1:String}, 6, 'UTC')) - max(rx_us) > 120000000
  ),
  drop_items AS (
    SELECT
      'drops' AS list,
      concat(source, '/', epoch) AS item,
      argMaxIf(tuple(leaf_index, record_sha256, at, rx), leaf_index, leaf_index >= {from:UInt64}) AS first_heard,
      countIf(leaf_index >= {from:UInt64} AND at >= {p0:String} AND at < {p1:String}) > 0 AS in_period,
      if(maxIf(dropped, leaf_index >= {from:UInt64}) > 0, 'TEL01-DROPPED', '') AS code
    FROM v_heartbeat
    GROUP BY source, epoch HAVING countIf(leaf_index >= {from:UInt64}) > 0
  ),
  listed AS (
    SELECT list, item, first_heard, in_period, code FROM gap_items
    UNION ALL SELECT list, item, first_heard, in_period, code FROM recon_items
    UNION ALL SELECT list, item, first_heard, in_period, code FROM session_items
    UNION ALL SELECT list, item, first_heard, in_period, code FROM downtime_items
    UNION ALL SELECT list, item, first_heard, in_period, code FROM drop_items
  )
SELECT
  first_heard.1 AS leaf_index,
  first_heard.2 AS record_sha256,
  item,
  in_period AS in_scope,
  first_heard.3 AS at,
  first_heard.4 AS rx,
  list,
  code = '' AS A,
  if(code = '', [], [code]) AS codes
FROM listed
ORDER BY leaf_index, list, item
