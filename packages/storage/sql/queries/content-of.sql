SELECT id_hex, ledger, leaf, path, disclosure, text
FROM content
WHERE tenant = {tenant:String} AND id IN (SELECT unhex(arrayJoin({ids:Array(String)})))
ORDER BY ledger, leaf, path
