-- One row per action, the distinct (session, call): its calls, its decision and the verdicts that name it, read once.
-- The start of execution is taken from the source's primary record; other copies stand in where it gives none. So it is with verdicts.
-- An id under which the action holds two different claims makes it contested, and so do the keys of two agents that tell of it: neither
-- account alone clears anything. Actions are taken in slices, so that any number of them
-- fits into a fixed memory: the whole is slices 0 to slices - 1.
SELECT
  item,
  anyIf(session, is_call) AS session,
  anyIf(call, is_call) AS call,
  anyIf(agent, is_call) AS agent,
  anyIf(actor, is_call) AS actor,
  anyIf(tool, is_call) AS tool,
  anyIf(kind, is_call) AS kind,
  minIf(leaf_index, is_call) AS first_leaf,
  argMinIf(at, leaf_index, is_call) AS first_at,
  argMinIf(tuple(leaf_index, record_sha256, at, rx, grade), tuple(NOT shows_execution, NOT is_primary, leaf_index), is_call) AS evidence,
  minIf(begun, is_call AND is_primary AND begun != '') AS primary_start,
  minIf(begun, is_call AND begun != '') AS any_start,
  if(primary_start != '', primary_start, any_start) AS started,
  countIf(is_call AND shows_execution) > 0 AS is_shown,
  if(is_shown, minIf(rx_us, is_call AND shows_execution), minIf(rx_us, is_call)) AS heard_us,
  -- When an agent told what came of it, by the record that its source counts: spans of a call may be heard before the logs that tell both.
  -- Zero where none did. A start tells nothing: agents announce a call before they ask for it.
  if(countIf(is_told AND is_primary) > 0, minIf(rx_us, is_told AND is_primary), minIf(rx_us, is_told)) AS told_us,
  countIf(is_call AND status IN ('denied', 'blocked')) > 0 AS is_stopped,
  countIf(is_call AND status = 'unknown') > 0 AS is_unknown,
  arrayDistinct(groupArrayIf(action_digest, is_call AND action_digest != '')) AS digests,
  countIf(is_call AND arguments_state = 'reported') = 0 AS is_unread,
  -- What places it in a tier.
  arrayDistinct(groupArrayIf(u.tool, source != 'approval')) AS tools,
  arrayDistinct(groupArrayIf(u.kind, source != 'approval')) AS kinds,
  arrayDistinct(groupArrayArrayIf(risk, source != 'approval')) AS risks,
  arrayDistinct(groupArrayArrayIf(hosts, source != 'approval')) AS named_hosts,
  countIf(classifier != '') > 0 AS is_classified,
  -- What was said about it.
  groupArrayArray(said) AS all_said,
  groupArray(id) AS ids,
  length(arrayDistinct(groupArray(tuple(id, claim)))) > length(arrayDistinct(ids)) AS has_two_claims,
  length(arrayDistinct(groupArrayIf(teller, teller != ''))) > 1 AS has_two_tellers
FROM (
  SELECT
    'call' AS source, true AS is_call, item, leaf_index, record_sha256, id, at, rx, rx_us, grade, session, call, agent, actor, tool, kind,
    status, begun, action_digest, arguments_state, is_primary, risk, hosts, classifier,
    exec_start != '' OR status IN ('executed', 'error', 'timeout') AS shows_execution,
    shows_execution AND event = 'result' AND teller != '' AS is_told,
    [] AS said, claim, teller
  FROM v_tool_call WHERE cityHash64(item) % {slices:UInt64} = {slice:UInt64}
  UNION ALL
  SELECT
    'decision', false, item, leaf_index, '', id, '', '', 0, '', '', '', '', '', tool, kind,
    '', '', '', '', false, risk, hosts, classifier, false, false, [], claim, teller
  FROM v_decision WHERE cityHash64(item) % {slices:UInt64} = {slice:UInt64}
  UNION ALL
  SELECT
    'approval', false, item, leaf_index, '', id, '', '', 0, '', '', '', '', '', '', '',
    '', '', '', '', false, [], [], '', false, false, [said], claim, teller
  FROM v_approval WHERE cityHash64(item) % {slices:UInt64} = {slice:UInt64} AND session != '' AND call != '' AND verdict != 'ask'
) AS u
GROUP BY item
HAVING first_leaf >= {from:UInt64} AND countIf(is_call) > 0
