-- What observers said of some revisions, and of those that pull requests made of them. Changes are few: the index of classes finds them.
SELECT {{include:placed}}
FROM records
WHERE tenant = {tenant:String} AND class = 'change' AND (kv['commit'] IN {commits:Array(String)} OR kv['pr_head'] IN {commits:Array(String)})
ORDER BY at, leaf, ledger
LIMIT {limit:UInt32}
