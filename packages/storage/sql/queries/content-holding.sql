-- Of some records of a window, those whose content holds a text, as it is or as JSON writes it.
SELECT DISTINCT ledger, leaf
FROM content
WHERE tenant = {tenant:String} AND {{include:window}}
    AND id IN (SELECT toFixedString(substring(unhex(arrayJoin({ids:Array(String)})), 1, 16), 16))
    AND (position(text, {held:String}) > 0 OR position(text, {held_json:String}) > 0)
