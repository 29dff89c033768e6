-- Flows without a session that a sensor saw come out of a sandbox, or from one of its addresses. The texts wanted of a client are a superset.
-- Unless all are wanted, those that a link gave a session are left out.
SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND class = 'egress' AND auth_kind = 'observer' AND session = ''
    AND rx >= {from:DateTime64(9, 'UTC')} - INTERVAL 1 DAY AND at >= {from:DateTime64(9, 'UTC')} - toIntervalMillisecond({skew_ms:UInt32})
    AND (sandbox = {sandbox:String} OR ({is_short:Bool} AND position(sandbox, {sandbox:String}) > 0)
        OR arrayExists(client -> position(canonical, client) > 0, {clients:Array(String)}))
    AND ({all:Bool} OR id NOT IN (SELECT linked FROM records WHERE tenant = {tenant:String} AND class = 'link' AND kind = 'sandbox_session'))
    AND (at, leaf, ledger) > ({after_at:DateTime64(9, 'UTC')}, {after_leaf:Int64}, {after_ledger:String})
ORDER BY at, leaf, ledger
LIMIT {limit:UInt32}
