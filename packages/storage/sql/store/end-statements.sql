KILL QUERY WHERE query_id IN {ids:Array(String)} SYNC
