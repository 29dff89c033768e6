-- Revisions that the outputs of a session's calls name in git's words.
WITH {{include:bounds}}
SELECT DISTINCT arrayJoin(extractAll(substring(text, 1, 65536), '\\[[^\\[\\]\\r\\n]{1,250} ([0-9a-f]{7,40})\\]')) AS revision
FROM content
WHERE tenant = {tenant:String} AND session IN {sessions:Array(String)} AND class IN ('tool_call', 'observation') AND path IN ('output', 'content')
    AND at >= bounds.1 AND at <= bounds.2 AND rx >= bounds.3 AND rx <= bounds.4
ORDER BY revision
LIMIT {limit:UInt32}
