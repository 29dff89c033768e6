SELECT name, argMax(checksum, applied_at) AS checksum FROM migrations GROUP BY name ORDER BY name
