-- A record's hash is that of its canonical bytes: said at every read instead of stored, where nothing compresses it and whoever edits a row can
-- make it fit. What a view or an older collector still writes there is let go; parts that hold it lose it when they are merged.
ALTER TABLE records {{on_cluster}}
    MODIFY COLUMN sha_hex String ALIAS lower(hex(SHA256(canonical))),
    MODIFY COLUMN sha FixedString(32) EPHEMERAL
