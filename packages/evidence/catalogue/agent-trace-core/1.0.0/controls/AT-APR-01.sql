WITH
  (SELECT groupArray(tuple(valid_from, valid_to, digest, label, tier)) FROM ref_tier) AS tier_rules,
  decided_labels AS (SELECT item, groupUniqArrayArray(labels) AS labels FROM v_decision GROUP BY item),
  tiered AS (
    SELECT
      a.*,
      arrayDistinct(arrayConcat(a.call_labels, d.labels)) AS labels,
      arrayFilter(rule -> rule.1 <= a.first_at AND a.first_at < rule.2, tier_rules) AS rules_in_force,
      if(empty(rules_in_force), 'shipped default', arrayStringConcat(arraySort(arrayDistinct(arrayMap(rule -> rule.3, rules_in_force))), ' ')) AS tier_policy,
      if(
        empty(rules_in_force),
        arrayMax(arrayConcat([0], arrayMap((label, tier) -> if(has(labels, label), tier, 0), {default_labels:Array(String)}, {default_tiers:Array(UInt64)}))),
        arrayMax(arrayConcat([0], arrayMap(rule -> if(has(labels, rule.4), rule.5, 0), rules_in_force)))
      ) AS tier
    FROM v_action AS a LEFT JOIN decided_labels AS d ON d.item = a.item
  ),
  verdicts AS (
    SELECT * FROM v_approval
    WHERE verdict != 'ask' AND (is_primary OR call = '' OR tuple(session, call) NOT IN (
      SELECT tuple(session, call) FROM v_approval WHERE is_primary AND verdict != 'ask'
    ))
  ),
  -- A grant for one use that names no call covers the first execution of what it names, and no other.
  single_use AS (
    SELECT v.leaf_index AS leaf_index, argMin(a.item, tuple(a.started, a.first_leaf)) AS item
    FROM verdicts AS v INNER JOIN (SELECT item, session, started, first_leaf, arrayJoin(digests) AS digest FROM tiered) AS a ON a.digest = v.action_digest
    WHERE v.action_digest != '' AND v.call = '' AND v.scope = 'once' AND (v.session = '' OR v.session = a.session) AND a.started >= v.decided
    GROUP BY v.leaf_index
  ),
  candidates AS (
    SELECT a.item AS item, v.*, 'call' AS bound
    FROM tiered AS a INNER JOIN verdicts AS v ON v.session = a.session AND v.call = a.call
    WHERE a.session != '' AND a.call != ''
    UNION ALL
    SELECT a.item AS item, v.*, 'digest' AS bound
    FROM (SELECT item, session, call, started, arrayJoin(digests) AS digest FROM tiered) AS a INNER JOIN verdicts AS v ON v.action_digest = a.digest
    WHERE v.action_digest != '' AND (v.session = '' OR v.session = a.session) AND NOT (v.call != '' AND v.call = a.call)
      AND if(v.scope = 'once',
        v.call = '' AND (a.started < v.decided OR tuple(v.leaf_index, a.item) IN (SELECT tuple(leaf_index, item) FROM single_use)),
        v.session != '' OR v.auth_kind = 'authority')
  ),
  heard AS (
    SELECT item, groupArray(tuple(
      decided, verdict NOT IN ('allow', 'modified'), epoch, seq, id,
      rx_us, given_by, expires, action_digest, bound, approver, requester, grade, leaf_index, verdict, auth_kind
    )) AS verdicts_heard
    FROM candidates GROUP BY item
  ),
  contested AS (SELECT groupUniqArray(contested_id) AS ids FROM v_conflict),
  judged AS (
    SELECT
      t.*,
      h.verdicts_heard AS all_verdicts,
      t.tier >= 2 AND (t.is_shown OR NOT (t.is_stopped OR arrayExists(v -> v.2, all_verdicts))) AS is_executed,
      -- A refusal counts whenever it was heard; an approval only if it was heard in time.
      arrayFilter(v -> v.2 OR v.6 <= t.heard_us + {lateness_us:Int64}, all_verdicts) AS timely,
      arrayFilter(v -> t.started != '' AND v.1 <= t.started, timely) AS prior,
      arrayMax(arrayConcat([''], arrayMap(v -> v.1, arrayFilter(v -> v.2, prior)))) AS last_refusal,
      arrayFilter(v -> NOT v.2 AND v.1 > last_refusal, prior) AS allowing,
      arrayFilter(v -> v.8 = '' OR t.started <= v.8, allowing) AS unexpired,
      arrayFilter(v -> if(
        v.9 != '' AND notEmpty(t.digests),
        arrayAll(digest -> digest = v.9, t.digests),
        v.10 = 'call' AND v.15 = 'allow'
      ), unexpired) AS binding,
      arrayFilter(v -> has(if(t.tier >= 3, {accepted_by_t3:Array(String)}, {accepted_by_t2:Array(String)}), v.7), binding) AS accepted,
      arrayFilter(v -> has({self_tiers:Array(UInt64)}, t.tier) OR NOT (v.11 != '' AND (v.11 = v.12 OR v.11 = t.actor)), accepted) AS sufficient,
      arraySort(v -> tuple(v.1, v.2, v.3, v.4, v.5), sufficient)[-1] AS chosen,
      hasAny(t.ids, (SELECT ids FROM contested)) OR arrayExists(v -> has((SELECT ids FROM contested), v.5), all_verdicts) AS is_contested
    FROM tiered AS t LEFT JOIN heard AS h ON h.item = t.item
  )
SELECT
  evidence.1 AS leaf_index,
  evidence.2 AS record_sha256,
  item,
  is_executed AND first_at >= {p0:String} AND first_at < {p1:String} AS in_scope,
  first_at AS at,
  evidence.4 AS rx,
  session, call, agent, tool, kind, tier, tier_policy, started,
  if(is_unread, 'unread', 'read') AS arguments,
  chosen.7 AS allowed_by,
  chosen.13 AS approval_grade,
  if(chosen.1 = '', '', toString(chosen.14)) AS approval_leaf,
  notEmpty(all_verdicts) AS A,
  notEmpty(prior) AS B,
  B AND notEmpty(allowing) AS C,
  C AND notEmpty(unexpired) AS D,
  D AND notEmpty(binding) AS E,
  E AND notEmpty(sufficient) AS F,
  arrayFilter(code -> code != '', [
    if(is_contested, 'APR01-CONTESTED', ''),
    multiIf(
      NOT A, 'APR01-NODEC',
      empty(timely), 'APR01-BACKDATED',
      started = '', 'APR01-NOSTART',
      NOT B, if(arrayExists(v -> v.1 <= started, all_verdicts), 'APR01-BACKDATED', 'APR01-LATE'),
      NOT C, 'APR01-NOTAPPROVED',
      NOT D, 'APR01-EXPIRED',
      NOT E, 'APR01-MISMATCH',
      empty(accepted), 'APR01-GIVER',
      NOT F, 'APR01-SELF',
      '')
  ]) AS codes
FROM judged
ORDER BY leaf_index
