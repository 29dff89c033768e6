-- What observers told of sandboxes, where one of the quoted addresses stands in it. Which member it stands in is looked at by whoever asks.
SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND class = 'sandbox' AND auth_kind = 'observer'
    AND sandbox IN (SELECT sandbox FROM records WHERE tenant = {tenant:String} AND class = 'sandbox' AND auth_kind = 'observer'
        AND arrayExists(address -> position(canonical, address) > 0, {addresses:Array(String)}))
ORDER BY rx, leaf, ledger
LIMIT {limit:UInt32}
