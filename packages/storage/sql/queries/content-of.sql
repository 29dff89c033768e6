SELECT id_hex, ledger, leaf, path, disclosure, text
FROM content
WHERE tenant = {tenant:String} AND id IN (SELECT toFixedString(substring(unhex(arrayJoin({ids:Array(String)})), 1, 16), 16))
ORDER BY ledger, leaf, path
