CREATE TABLE IF NOT EXISTS migrations {{on_cluster}}
(
    name       String,
    checksum   String,
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = {{engine:MergeTree}}
ORDER BY (name, applied_at)
