SELECT query_id FROM system.processes WHERE startsWith(query_id, {prefix:String})
