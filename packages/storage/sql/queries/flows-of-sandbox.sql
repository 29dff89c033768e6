-- Flows that a sensor saw come out of a sandbox, or from one of its addresses, the first heard first. The texts wanted of a client are a superset.
SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND class = 'egress' AND auth_kind = 'observer'
    AND rx >= {from:DateTime64(9, 'UTC')} - INTERVAL 1 DAY AND at >= {from:DateTime64(9, 'UTC')} - toIntervalMillisecond({skew_ms:UInt32})
    AND (sandbox = {sandbox:String} OR ({is_short:Bool} AND position(sandbox, {sandbox:String}) > 0)
        OR arrayExists(client -> position(canonical, client) > 0, {clients:Array(String)}))
ORDER BY rx, leaf, ledger
LIMIT {limit:UInt32}
