-- What sources said, as keyed digests, for the window of duplicates. They would outlive an erasure, so they expire a partition at a time.
CREATE TABLE IF NOT EXISTS claims {{on_cluster}}
(
    tenant  LowCardinality(String),
    ledger  LowCardinality(String),
    leaf    UInt64 CODEC(Delta, ZSTD(1)),
    id      FixedString(16) CODEC(NONE),
    claim   FixedString(16) CODEC(NONE),
    rx      DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = {{engine:MergeTree}}
PARTITION BY toDate(rx)
ORDER BY (tenant, ledger, leaf)
TTL toDateTime(rx) + INTERVAL 7 DAY
SETTINGS ttl_only_drop_parts = 1, fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 0
