-- What the period's records can say at all: one line of counts for the first page.
SELECT
  count() AS records,
  uniqExactIf(session, session != '') AS sessions,
  uniqExactIf(session, class = 'session' AND session != '') AS known_sessions,
  countIf(auth_method = 'none') AS keyless,
  countIf(class = 'opaque') AS opaque,
  countIf(class = 'tool_call') AS calls,
  countIf(class = 'tool_call' AND JSONExtractString(canonical, 'body', 'arguments_state') != 'reported') AS unread_calls,
  countIf(class = 'approval') AS approvals,
  countIf(class = 'approval' AND grade = 'observed') AS observed_approvals,
  countIf(class = 'sandbox' AND grade = 'observed') AS observed_sandboxes,
  countIf(class = 'egress') AS flows,
  countIf(class = 'egress' AND grade = 'observed') AS observed_flows,
  countIf(class = 'egress' AND JSONExtractString(canonical, 'body', 'action') = 'denied') AS denied_flows,
  countIf(class = 'integrity' AND auth_kind = 'internal' AND JSONExtractString(canonical, 'body', 'kind') = 'conflict') AS conflicts,
  countIf(class = 'integrity' AND auth_kind = 'internal' AND JSONExtractString(canonical, 'body', 'kind') = 'origin') AS origins,
  countIf(at != ts) AS retimed
FROM v_placed
WHERE leaf_index >= {from:UInt64} AND class != 'seal' AND at >= {p0:String} AND at < {p1:String}
