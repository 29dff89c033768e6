-- Of some sessions, those with a flow of their own. Where no egress lies, the index of classes ends it before a row is read.
SELECT DISTINCT session
FROM records
WHERE tenant = {tenant:String} AND class = 'egress' AND session IN {sessions:Array(String)}
