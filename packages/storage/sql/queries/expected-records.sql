-- Lists of those who should report. All of them: a list stands until another replaces it.
SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND class = 'integrity' AND kind = 'expected' AND auth_kind = 'observer'
ORDER BY at DESC, leaf DESC, ledger DESC
LIMIT {limit:UInt32}
