-- The window is that of the records: without it every part would be asked for every id.
SELECT id_hex, ledger, leaf, path, disclosure, text
FROM content
WHERE tenant = {tenant:String} AND id IN (SELECT toFixedString(substring(unhex(arrayJoin({ids:Array(String)})), 1, 16), 16))
    AND ({path:String} = '' OR path = {path:String})
    AND at >= {from:DateTime64(9, 'UTC')} AND at <= {to:DateTime64(9, 'UTC')}
    AND rx >= {from:DateTime64(9, 'UTC')} - INTERVAL 1 DAY AND rx <= {to:DateTime64(9, 'UTC')} + INTERVAL 1 DAY
ORDER BY ledger, leaf, path
