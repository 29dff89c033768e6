-- What observers told of one sandbox. Sandboxes are few: the index of classes leaves little to read.
SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND class = 'sandbox' AND auth_kind = 'observer'
    AND (sandbox = {sandbox:String} OR endsWith(sandbox, concat('://', {sandbox:String})) OR ({is_short:Bool} AND position(sandbox, {sandbox:String}) > 0))
ORDER BY rx, leaf, ledger
LIMIT {limit:UInt32}
