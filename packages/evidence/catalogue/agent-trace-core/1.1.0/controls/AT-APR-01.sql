WITH
  (SELECT groupArray(tuple(valid_from, valid_to, digest, label, tier)) FROM ref_tier) AS tier_rules,
  (SELECT groupArray(tuple(valid_from, valid_to, arrayMap(rule -> rule.2, rules))) FROM ref_egress) AS allow_lists,
  (SELECT groupUniqArray(contested_id) FROM v_conflict) AS contested_ids,
  -- Verdicts that name an action by its digest: for one use where they name no call, else for the session or, from an authority, for all.
  (
    SELECT groupArray(tuple(session, call, said)) FROM v_approval
    WHERE action_digest != '' AND verdict != 'ask' AND if(scope = 'once', call = '', session != '' OR auth_kind = 'authority')
  ) AS grants,
  -- Executions of what is granted for one use, whatever their session: only the first one of them is covered.
  uses AS (
    SELECT
      item, any(session) AS use_session, min(leaf_index) AS use_leaf, any(action_digest) AS use_digest,
      if(countIf(is_primary AND begun != '') > 0, minIf(begun, is_primary AND begun != ''), minIf(begun, begun != '')) AS use_start
    FROM v_tool_call
    WHERE action_digest != '' AND action_digest IN (SELECT action_digest FROM v_approval WHERE action_digest != '' AND scope = 'once' AND call = '')
    GROUP BY item
  ),
  (SELECT groupArray(tuple(use_digest, use_start, use_leaf, use_session)) FROM uses) AS peers,
  labelled AS (
    SELECT
      *,
      arrayMap(list -> list.3, arrayFilter(list -> list.1 <= first_at AND first_at < list.2, allow_lists)) AS lists,
      -- A host counts as listed where an allow-list in force lists it; a star is one label.
      notEmpty(named_hosts) AND arrayAll(host -> arrayExists(list -> arrayExists(pattern -> if(
        startsWith(pattern, '*.'),
        endsWith(host, substring(pattern, 2)) AND length(host) >= length(pattern) AND position(substring(host, 1, length(host) - length(pattern) + 1), '.') = 0,
        host = pattern
      ), list), lists), named_hosts) AS is_listed,
      -- Arguments that nobody classified are unknown, and not harmless.
      arrayConcat(
        arrayMap(word -> concat('tool:', word), tools),
        arrayMap(word -> concat('kind:', word), arrayFilter(word -> NOT (is_listed AND word = 'net'), kinds)),
        arrayMap(word -> if(is_listed AND word = 'network', 'risk:network_listed', concat('risk:', word)), risks),
        if(NOT is_classified AND hasAny(kinds, ['exec', 'mcp', 'other']), ['risk:unknown'], [])
      ) AS labels
    FROM v_action
  ),
  tiered AS (
    SELECT
      *,
      arrayFilter(rule -> rule.1 <= first_at AND first_at < rule.2, tier_rules) AS rules_in_force,
      if(empty(rules_in_force), 'shipped default', arrayStringConcat(arraySort(arrayDistinct(arrayMap(rule -> rule.3, rules_in_force))), ' ')) AS tier_policy,
      -- The highest tier of the rules that match; the default where none does.
      if(
        empty(rules_in_force),
        arrayFilter((tier, label) -> has(labels, label), {default_tiers:Array(UInt64)}, {default_labels:Array(String)}),
        arrayMap(rule -> toUInt64(rule.5), arrayFilter(rule -> rule.4 != '' AND has(labels, rule.4), rules_in_force))
      ) AS matched_tiers,
      multiIf(
        notEmpty(matched_tiers), arrayMax(matched_tiers),
        empty(rules_in_force), toUInt64({default_tier:UInt64}),
        arrayMax(arrayMap(rule -> toUInt64(rule.5), arrayFilter(rule -> rule.4 = '', rules_in_force)))
      ) AS tier
    FROM labelled
  ),
  -- Verdicts with whether they name the call. A grant for one use covers the first execution of what it names, and no other.
  heard AS (
    SELECT
      *,
      arrayFilter(g -> has(digests, g.3.digest) AND (g.1 = '' OR g.1 = session) AND NOT (g.2 != '' AND g.2 = call) AND (
        g.3.scope != 'once'
        OR started < g.3.decided
        OR first_leaf = arraySort(p -> tuple(p.2, p.3), arrayFilter(p -> p.1 = g.3.digest AND p.2 >= g.3.decided AND (g.1 = '' OR g.1 = p.4), peers))[1].3
      ), grants) AS covering,
      arrayExists(v -> v.is_primary, all_said) AS has_primary,
      arrayConcat(arrayMap(v -> tuple(v, true), arrayFilter(v -> v.is_primary OR NOT has_primary, all_said)), arrayMap(g -> tuple(g.3, false), covering)) AS all_verdicts
    FROM tiered
  ),
  judged AS (
    SELECT
      *,
      tier >= 2 AND (is_shown OR NOT (is_stopped OR arrayExists(v -> v.1.refuses, all_verdicts))) AS is_executed,
      arrayMax(arrayConcat([''], arrayMap(v -> if(v.1.refuses AND v.1.decided <= started, v.1.decided, ''), all_verdicts))) AS last_refusal,
      -- How far each verdict carries: 9 is an approval that nothing is missing from. A refusal counts whenever it was heard, an approval
      -- only if it was heard in time: an authority's within a quarter of an hour, an agent's own account no later than its account of what
      -- came of the execution. An allow and a refusal of one moment are a refusal.
      arrayMap(v -> multiIf(
        NOT v.1.refuses AND v.1.rx_us > if(v.1.is_told AND told_us > 0, told_us, heard_us + {lateness_us:Int64}), 0,
        started = '' OR v.1.decided > started, 1,
        v.1.refuses OR v.1.decided <= last_refusal, 2,
        v.1.expires != '' AND started > v.1.expires, 3,
        NOT if(v.1.digest != '' AND notEmpty(digests), arrayAll(one -> one = v.1.digest, digests), v.2 AND v.1.verdict = 'allow'), 4,
        NOT has(if(tier >= 3, {accepted_by_t3:Array(String)}, {accepted_by_t2:Array(String)}), v.1.given_by), 5,
        NOT has(if(tier >= 3, {scopes_t3:Array(String)}, {scopes_t2:Array(String)}), v.1.scope), 6,
        NOT has({self_tiers:Array(UInt64)}, tier) AND v.1.approver != '' AND (v.1.approver = v.1.requester OR v.1.approver = actor), 7,
        9
      ), all_verdicts) AS reached,
      arrayMax(arrayConcat([0], reached)) AS furthest,
      -- Why an allow does not count that was dated before the start: heard within the quarter of an hour, and after the agent had told what
      -- came of the call; or later than that.
      arrayFilter(v -> NOT v.1.refuses AND v.1.rx_us <= heard_us + {lateness_us:Int64}, all_verdicts) AS in_quarter,
      multiIf(
        arrayExists(v -> started = '' OR v.1.decided <= started, in_quarter), 'APR01-TOLDAFTER',
        empty(in_quarter) OR arrayExists(v -> NOT v.1.refuses AND v.1.decided <= started, all_verdicts), 'APR01-BACKDATED',
        'APR01-LATE'
      ) AS unheard,
      arraySort(v -> tuple(v.1, v.2, v.3, v.4), arrayFilter((v, far) -> far = 9, arrayMap(
        v -> tuple(v.1.decided, v.1.epoch, v.1.seq, v.1.id, v.1.given_by, v.1.grade, v.1.leaf), all_verdicts
      ), reached))[-1] AS chosen,
      has_two_claims OR has_two_tellers OR hasAny(ids, contested_ids) OR arrayExists(v -> has(contested_ids, v.1.id), all_verdicts) AS is_contested
    FROM heard
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
  chosen.5 AS allowed_by,
  chosen.6 AS approval_grade,
  if(furthest = 9, toString(chosen.7), '') AS approval_leaf,
  notEmpty(all_verdicts) AS A,
  furthest >= 2 AS B,
  furthest >= 3 AS C,
  furthest >= 4 AS D,
  furthest >= 5 AS E,
  furthest >= 8 AS F,
  arrayFilter(code -> code != '', [
    if(is_contested, 'APR01-CONTESTED', ''),
    multiIf(
      NOT A, 'APR01-NODEC',
      furthest = 0, unheard,
      started = '', 'APR01-NOSTART',
      furthest = 1, if(arrayExists(v -> v.1.decided <= started, all_verdicts), unheard, 'APR01-LATE'),
      furthest = 2, 'APR01-NOTAPPROVED',
      furthest = 3, 'APR01-EXPIRED',
      furthest = 4, 'APR01-MISMATCH',
      furthest = 5, 'APR01-GIVER',
      furthest = 6, 'APR01-SCOPE',
      furthest = 7, 'APR01-SELF',
      '')
  ]) AS codes
FROM judged
ORDER BY leaf_index
