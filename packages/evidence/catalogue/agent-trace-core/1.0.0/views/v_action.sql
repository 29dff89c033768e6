-- One row per action, the distinct (session, call) of the tool calls, first heard within the class range.
-- The start of execution is taken from the source's primary record; other copies stand in where it gives none.
-- An action counts as executed unless it is shown that it was stopped before it began: no start time, and a refusal.
SELECT
  item,
  any(session) AS session,
  any(call) AS call,
  any(agent) AS agent,
  any(actor) AS actor,
  any(tool) AS tool,
  any(kind) AS kind,
  min(leaf_index) AS first_leaf,
  argMin(at, leaf_index) AS first_at,
  argMin(tuple(leaf_index, record_sha256, at, rx, grade), tuple(NOT shows_execution, NOT is_primary, leaf_index)) AS evidence,
  minIf(begun, is_primary AND begun != '') AS primary_start,
  minIf(begun, begun != '') AS any_start,
  if(primary_start != '', primary_start, any_start) AS started,
  if(countIf(shows_execution) > 0, minIf(rx_us, shows_execution), min(rx_us)) AS heard_us,
  groupUniqArray(status) AS statuses,
  countIf(shows_execution) > 0 AS is_shown,
  hasAny(groupUniqArray(status), ['denied', 'blocked']) AS is_stopped,
  groupUniqArrayIf(action_digest, action_digest != '') AS digests,
  groupUniqArrayArray(labels) AS call_labels,
  countIf(arguments_state != 'reported') > 0 AND countIf(arguments_state = 'reported') = 0 AS is_unread,
  groupUniqArray(id) AS ids
FROM (SELECT *, exec_start != '' OR status IN ('executed', 'error', 'timeout', 'unknown') AS shows_execution FROM v_tool_call)
GROUP BY item
HAVING first_leaf >= {from:UInt64}
