-- What observers said of some revisions. Changes are few: the index of classes finds them.
SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND class = 'change' AND kv['commit'] IN {commits:Array(String)}
ORDER BY at, leaf, ledger
LIMIT {limit:UInt32}
