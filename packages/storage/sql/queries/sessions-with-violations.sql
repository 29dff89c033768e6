-- Of some sessions, those that a violation names, or that a link says had a sandbox.
SELECT DISTINCT session
FROM records
WHERE tenant = {tenant:String} AND session IN {sessions:Array(String)}
    AND ((class = 'sandbox' AND event = 'violation') OR (class = 'link' AND kind = 'session_sandbox'))
