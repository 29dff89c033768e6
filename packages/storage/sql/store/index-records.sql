ALTER TABLE records {{on_cluster}} MATERIALIZE INDEX i_kv IN PARTITION '{{day}}' SETTINGS mutations_sync = 1
