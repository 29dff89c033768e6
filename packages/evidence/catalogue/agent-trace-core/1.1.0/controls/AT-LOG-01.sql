WITH
  days AS (
    SELECT toString(toDate(substring({p0:String}, 1, 10)) + number) AS day
    FROM numbers(toUInt64(greatest(0, dateDiff('day', toDate(substring({p0:String}, 1, 10)), toDate(substring({p1:String}, 1, 10)))) + 1))
    WHERE concat(day, 'T00:00:00.000000000Z') < {p1:String}
  ),
  checks AS (
    SELECT
      JSONExtractString(detail, 'day') AS day,
      min(leaf_index) AS first_leaf,
      argMin(tuple(record_sha256, at, rx), leaf_index) AS first_check,
      count() AS runs,
      countIf(JSONExtractString(detail, 'result') != 'ok') AS failed,
      min(rx) AS first_rx
    FROM v_integrity WHERE kind = 'verify' AND leaf_index >= {from:UInt64}
    GROUP BY day
  )
SELECT
  c.first_leaf AS leaf_index,
  c.first_check.1 AS record_sha256,
  d.day AS item,
  -- A day that is not over yet is not due.
  concat(toString(toDate(d.day) + 1), 'T00:00:00.000000000Z') <= {p1:String} AS in_scope,
  c.first_check.2 AS at,
  c.first_check.3 AS rx,
  c.runs AS runs,
  c.failed AS failed,
  -- A verification of a day counts if it was heard by the end of the following day.
  c.runs > 0 AND c.first_rx < concat(toString(toDate(d.day) + 2), 'T00:00:00.000000000Z') AS A,
  A AND c.failed = 0 AS B,
  arrayFilter(code -> code != '', [if(A, '', 'LOG01-NOTRUN'), if(c.failed > 0, 'LOG01-FAILED', '')]) AS codes
FROM days AS d LEFT JOIN checks AS c ON c.day = d.day
ORDER BY item
