WITH
  (SELECT groupArray(tuple(valid_from, valid_to, digest, rules)) FROM ref_egress) AS egress_policies,
  contested AS (
    SELECT groupUniqArray(contested_id) AS ids FROM (
      SELECT id AS contested_id FROM v_egress GROUP BY id HAVING uniqExact(ts, body_text) > 1
      UNION ALL
      SELECT contested_id FROM v_conflict
    )
  ),
  -- Flows that the agent reports and an observer reports too are one flow.
  twins AS (
    SELECT DISTINCT said.leaf_index AS leaf_index
    FROM (SELECT leaf_index, session, host, port, at_us FROM v_egress WHERE action = 'allowed' AND NOT is_observed AND session != '') AS said
    INNER JOIN (SELECT session, host, port, at_us FROM v_egress WHERE action = 'allowed' AND is_observed AND session != '') AS seen
      ON seen.session = said.session AND seen.host = said.host AND seen.port = said.port
    WHERE abs(seen.at_us - said.at_us) <= 60000000
  ),
  judged AS (
    SELECT
      f.*,
      arrayFilter(p -> p.1 <= f.at AND f.at < p.2, egress_policies) AS in_force,
      arrayFilter(p -> p.3 = f.policy_digest AND f.policy_digest != '', in_force) AS applied,
      arrayFlatten(arrayMap(p -> p.4, if(notEmpty(applied), applied, in_force))) AS rules,
      -- A rule that the policy knows under the cited name must be the one that lets the flow through.
      if(arrayExists(rule -> rule.1 = f.rule, rules), arrayFilter(rule -> rule.1 = f.rule, rules), rules) AS cited,
      arrayExists(rule -> has(rule.3, f.port) AND if(
        startsWith(rule.2, '*.'),
        endsWith(f.host, substring(rule.2, 2)) AND length(f.host) >= length(rule.2) AND position(substring(f.host, 1, length(f.host) - length(rule.2) + 1), '.') = 0,
        f.host = rule.2
      ), cited) AS is_listed,
      has((SELECT ids FROM contested), f.id) AS is_contested
    FROM v_egress AS f
    WHERE f.leaf_index >= {from:UInt64}
  )
SELECT
  leaf_index,
  record_sha256,
  concat(host, ':', toString(port)) AS item,
  action = 'allowed' AND leaf_index NOT IN (SELECT leaf_index FROM twins) AND at >= {p0:String} AND at < {p1:String} AS in_scope,
  at,
  rx,
  session, host, port, action, via, grade,
  policy_digest AS policy,
  is_observed AS A,
  notEmpty(applied) AS B,
  is_listed AS C,
  arrayFilter(code -> code != '', [
    if(is_contested, 'NET01-CONTESTED', ''),
    if(A, '', 'NET01-NOTPROXIED'),
    if(B, '', 'NET01-POLICY'),
    if(C, '', 'NET01-HOST')
  ]) AS codes
FROM judged
ORDER BY leaf_index
