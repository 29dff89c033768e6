(
    SELECT (min(first_at), max(last_at), min(first_rx), max(last_rx)) FROM sessions
    WHERE tenant = {tenant:String} AND session IN {sessions:Array(String)}
) AS bounds
