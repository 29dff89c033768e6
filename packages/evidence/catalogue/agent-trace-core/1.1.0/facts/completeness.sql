-- Gaps that are open when the range ends, time without seals within the period, the reconciliations that ran, and the kinds of policy
-- that were in force at some time of the period.
WITH
  gaps AS (
    SELECT
      JSONExtract(detail, 'Tuple(kind String, source String, epoch String, "from" String, "to" String, status String)') AS g,
      leaf_index, at
    FROM v_integrity WHERE kind = 'gap'
  ),
  open_gaps AS (
    SELECT greatest(1, toInt64OrZero(g.to) - toInt64OrZero(g.from) + 1) AS missing
    FROM gaps WHERE g.kind != 'downtime'
    GROUP BY g.source, g.epoch, g.from, g.to
    HAVING min(at) < {p1:String} AND max(at) >= {p0:String} AND argMax(g.status, leaf_index) NOT IN ('closed', 'explained')
  ),
  downtimes AS (
    SELECT
      toUnixTimestamp64Milli(parseDateTime64BestEffortOrZero(least(g.to, {p1:String}), 3, 'UTC'))
        - toUnixTimestamp64Milli(parseDateTime64BestEffortOrZero(greatest(g.from, {p0:String}), 3, 'UTC')) AS silent_ms
    FROM gaps WHERE g.kind = 'downtime' AND g.from < {p1:String} AND g.to >= {p0:String}
  )
SELECT
  (SELECT count() FROM open_gaps) AS open_gaps,
  (SELECT sum(missing) FROM open_gaps) AS missing_records,
  (SELECT count() FROM downtimes) AS downtimes,
  (SELECT sum(silent_ms) FROM downtimes) AS silent_ms,
  (SELECT max(silent_ms) FROM downtimes) AS longest_silence_ms,
  (
    SELECT groupUniqArray(JSONExtractString(detail, 'recon')) FROM v_integrity
    WHERE kind = 'recon' AND leaf_index >= {from:UInt64} AND at >= {p0:String} AND at < {p1:String}
  ) AS reconciliations,
  (SELECT groupUniqArray(kind) FROM ref_policy WHERE valid_from < {p1:String} AND valid_to > {p0:String}) AS policy_kinds
