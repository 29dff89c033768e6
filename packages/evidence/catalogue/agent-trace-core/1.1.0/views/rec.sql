-- Every record up to the end of the run's range, with its envelope read from the canonical bytes alone:
-- a promoted column or a stored hash that somebody changed changes no result. `at` is the source's time where it lies within
-- 24 hours of the time of receipt, else the time of receipt, so that every leaf belongs to exactly one period.
SELECT
  leaf AS leaf_index,
  lower(hex(SHA256(canonical))) AS record_sha256,
  canonical,
  JSONExtract(canonical, 'Tuple(
    id String, class String, ts String, rx String, session String, turn String, call String, grade String, vantage String,
    agent Tuple(name String, version String), actor Tuple(id String),
    src Tuple(epoch String, seq Int64, auth Tuple(method String, kind String, subject String))
  )') AS e,
  e.id AS id,
  e.class AS class,
  e.ts AS ts,
  e.rx AS rx,
  toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(e.ts, 6, 'UTC')) AS ts_us,
  toUnixTimestamp64Micro(parseDateTime64BestEffortOrZero(e.rx, 6, 'UTC')) AS rx_us,
  abs(ts_us - rx_us) <= 86400000000 AS is_trusted_time,
  if(is_trusted_time, e.ts, e.rx) AS at,
  if(is_trusted_time, ts_us, rx_us) AS at_us,
  e.session AS session,
  e.turn AS turn,
  e.call AS call,
  e.grade AS grade,
  e.vantage AS vantage,
  e.agent.name AS agent,
  e.agent.version AS agent_version,
  e.actor.id AS actor,
  e.src.epoch AS epoch,
  e.src.seq AS seq,
  e.src.auth.method AS auth_method,
  e.src.auth.kind AS auth_kind,
  e.src.auth.subject AS auth_subject,
  -- The agent's key that told it; empty where no agent did.
  if(auth_kind IN ('agent', 'none'), auth_subject, '') AS teller
FROM records
WHERE tenant = {tenant:String} AND ledger = {ledger:String} AND leaf < {to:UInt64}
