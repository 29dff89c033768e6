-- Of what is stored already; merges and inserts build the rest.
ALTER TABLE sessions {{on_cluster}} MATERIALIZE INDEX i_session
