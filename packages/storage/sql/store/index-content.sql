ALTER TABLE content {{on_cluster}} MATERIALIZE INDEX i_text IN PARTITION '{{day}}' SETTINGS mutations_sync = 1
