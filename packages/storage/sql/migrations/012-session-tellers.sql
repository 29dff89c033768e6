-- Under whose keys a session's calls were told: of more than one, accounts may contradict each other.
ALTER TABLE sessions {{on_cluster}} ADD COLUMN IF NOT EXISTS tellers SimpleAggregateFunction(groupUniqArrayArray, Array(String))
