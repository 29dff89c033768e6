-- Whether a trace stands for the session that its records do not name, and whether spans stand for calls: what joins are looked for.
ALTER TABLE sessions {{on_cluster}}
    ADD COLUMN IF NOT EXISTS trace_sessions SimpleAggregateFunction(max, UInt8),
    ADD COLUMN IF NOT EXISTS span_calls SimpleAggregateFunction(max, UInt8)
