-- What calls and choices were told to do, where it may be opened: the window is that of the records.
SELECT id_hex, text
FROM content
WHERE tenant = {tenant:String} AND path = 'arguments'
    AND id IN (SELECT toFixedString(substring(unhex(arrayJoin({ids:Array(String)})), 1, 16), 16))
    AND at >= {from:DateTime64(9, 'UTC')} AND at <= {to:DateTime64(9, 'UTC')}
    AND rx >= {from:DateTime64(9, 'UTC')} - INTERVAL 1 DAY AND rx <= {to:DateTime64(9, 'UTC')} + INTERVAL 1 DAY
ORDER BY ledger, leaf
