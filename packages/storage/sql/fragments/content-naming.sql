(
    -- Content of a window that holds the last part of a path. Windows are narrow, so it is read and not looked up: first for a run of letters that no
    -- JSON writes otherwise, then what has that is opened. The index of words answers of whole parts and would be asked before the window is, and
    -- where it is not built yet each text of the part would be; `concat` keeps it out.
    SELECT ledger, leaf FROM content
    PREWHERE {{include:window}} AND position(opened, {run:String}) > 0
    WHERE tenant = {tenant:String} AND hasAllTokens(concat(words, ''), {words:Array(String)})
        AND (position(text, {name:String}) > 0 OR position(text, {name_json:String}) > 0)
)
