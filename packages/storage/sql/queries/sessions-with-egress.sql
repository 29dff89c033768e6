-- Of some sessions, those with a flow of their own, or one that came out of their sandbox. Where no egress lies, the index of classes ends it before
-- a row is read.
SELECT DISTINCT session
FROM records
WHERE tenant = {tenant:String} AND class IN ('egress', 'link') AND (class = 'egress' OR kind = 'sandbox_session') AND session IN {sessions:Array(String)}
