KILL QUERY WHERE startsWith(query, {name:String}) ASYNC
