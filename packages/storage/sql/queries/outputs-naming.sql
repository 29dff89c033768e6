-- What agents saw back that names one of some revisions by a whole word, abbreviated as git does or not.
SELECT DISTINCT id_hex
FROM content
WHERE tenant = {tenant:String} AND class IN ('tool_call', 'observation') AND path IN ('output', 'content')
    AND hasAnyTokens(words, {words:Array(String)})
    AND at >= {from:DateTime64(9, 'UTC')} AND at <= {to:DateTime64(9, 'UTC')}
    AND rx >= {from:DateTime64(9, 'UTC')} - INTERVAL 1 DAY
LIMIT {limit:UInt32}
