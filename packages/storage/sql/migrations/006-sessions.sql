-- Scalars of a session, to find it and to know when to look. Only idempotent aggregates: storing a record again changes nothing.
-- A value with a time is the latest one said; on a tie the largest, so that order of arrival never matters.
CREATE TABLE IF NOT EXISTS sessions {{on_cluster}}
(
    tenant      LowCardinality(String),
    session     String,
    day         Date,
    first_at    SimpleAggregateFunction(min, DateTime64(9, 'UTC')),
    last_at     SimpleAggregateFunction(max, DateTime64(9, 'UTC')),
    first_rx    SimpleAggregateFunction(min, DateTime64(9, 'UTC')),
    last_rx     SimpleAggregateFunction(max, DateTime64(9, 'UTC')),
    agent       SimpleAggregateFunction(max, Tuple(DateTime64(9, 'UTC'), String)),
    agent_version SimpleAggregateFunction(max, Tuple(DateTime64(9, 'UTC'), String)),
    agent_model SimpleAggregateFunction(max, Tuple(DateTime64(9, 'UTC'), String)),
    principal   SimpleAggregateFunction(max, Tuple(DateTime64(9, 'UTC'), String)),
    repo        SimpleAggregateFunction(max, Tuple(DateTime64(9, 'UTC'), String)),
    ended       SimpleAggregateFunction(max, Tuple(DateTime64(9, 'UTC'), String))
)
ENGINE = {{engine:AggregatingMergeTree}}
PARTITION BY day
ORDER BY (tenant, session)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 0
