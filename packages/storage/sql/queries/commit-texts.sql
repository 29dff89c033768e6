-- Of some records what speaks of commits: arguments that name git, and the lines of an output that name a revision.
SELECT id_hex, path,
    if(path = 'arguments', text, arrayStringConcat(arraySlice(extractAll(substring(text, 1, 65536), '\\[[^\\[\\]\\r\\n]{1,250} [0-9a-f]{7,40}\\]|\\b[0-9a-f]{40}\\b'), 1, 64), '\n')) AS said
FROM content
WHERE tenant = {tenant:String} AND id IN (SELECT toFixedString(substring(unhex(arrayJoin({ids:Array(String)})), 1, 16), 16))
    AND (path = 'arguments' AND position(text, 'git') > 0 AND length(text) <= 65536 OR path IN ('output', 'content') AND said != '')
ORDER BY ledger, leaf, path
