-- Other sources of the same sender that said one of these numbers no more than a day before: a process may have gone on counting under another name.
SELECT DISTINCT source
FROM records
WHERE tenant = {tenant:String} AND seq IN {numbers:Array(UInt64)} AND auth_kind != 'internal' AND subject = {subject:String}
    AND source != {source:String} AND rx >= {since:DateTime64(9, 'UTC')}
    AND at >= {from:DateTime64(9, 'UTC')} AND at <= {to:DateTime64(9, 'UTC')}
ORDER BY source
LIMIT {limit:UInt32}
