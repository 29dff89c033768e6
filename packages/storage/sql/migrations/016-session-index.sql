-- A session's bounds are asked for before its records are: by its name, of every day. Without this each day's names would be read.
ALTER TABLE sessions {{on_cluster}}
    ADD INDEX IF NOT EXISTS i_session session TYPE bloom_filter(0.001) GRANULARITY 1
