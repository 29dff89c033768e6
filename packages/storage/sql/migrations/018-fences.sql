-- Which inserts of a ledger's leaves are void: those that carry a smaller number. A repair writes its own before it looks for what is
-- missing, and every insert into a server reads them when it really runs. Of this server alone, never replicated: it must stand where the
-- insert runs at the moment it is written. Kept longer than anything on the way can be held back.
CREATE TABLE IF NOT EXISTS fences {{on_cluster}}
(
    ledger     String,
    leaf_from  UInt64,
    leaf_to    UInt64,
    fence      UInt64,
    fenced_at  DateTime('UTC') DEFAULT now()
)
ENGINE = MergeTree
ORDER BY (ledger, leaf_from)
TTL fenced_at + INTERVAL 30 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 0
