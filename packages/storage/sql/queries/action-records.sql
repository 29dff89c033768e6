-- Of some sessions, in one reading: the records of single calls, what holds for each session as a whole (its own records, its sandbox and the links
-- to sandboxes that it had, without those of single calls), and where asked for, yeses for more than once. The last are few rows of many.
WITH {{include:bounds}},
    (session, call) IN (SELECT arrayJoin(arrayZip({pair_sessions:Array(String)}, {pair_calls:Array(String)}))) AS is_own,
    call = '' AND (class IN ('session', 'sandbox') OR (class = 'link' AND kind = 'session_sandbox')) AS is_level,
    {with_yeses:Bool} AND {{include:lasting-yes}} AS is_yes
SELECT {{include:placed}}, is_own, is_level, is_yes
FROM records
WHERE tenant = {tenant:String} AND session IN {sessions:Array(String)} AND (is_own OR is_level OR is_yes)
    AND at >= bounds.1 AND at <= bounds.2 AND rx >= bounds.3 AND rx <= bounds.4
ORDER BY at, leaf, ledger
LIMIT {limit:UInt32} BY is_own, is_level, is_yes
