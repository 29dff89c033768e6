-- Which of these records, all of actions on this page, carry the filter, stand before it, and were there when the list began.
SELECT id_hex
FROM {{table}}
WHERE tenant = {tenant:String}
    AND {{include:window}}
    AND (at, leaf, ledger) >= ({before_at:DateTime64(9, 'UTC')}, {before_leaf:UInt64}, {before_ledger:String})
    AND at >= {before_at:DateTime64(9, 'UTC')}
    AND rx <= {as_of:DateTime64(9, 'UTC')}
    AND id IN (SELECT toFixedString(substring(unhex(arrayJoin({ids:Array(String)})), 1, 16), 16))
    AND {{where}}
