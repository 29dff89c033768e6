SELECT
  (SELECT value FROM system.metrics WHERE metric = 'MemoryTracking') AS memory_bytes,
  (SELECT toInt64OrZero(value) FROM system.server_settings WHERE name = 'max_server_memory_usage') AS memory_bytes_max,
  (SELECT count() FROM system.merges WHERE database = currentDatabase()) AS merges_running,
  (SELECT sum(value) FROM system.events WHERE event = 'Merge') AS merges,
  (SELECT sum(value) FROM system.events WHERE event = 'MergedRows') AS merged_rows,
  (SELECT count() FROM system.processes) AS statements_running
