-- Counts of items, not of leaves: calls and decisions by call, approvals by (call, verdict, by), tokens over the primary record of each
-- inference. A session without any primary inference (a source of traces alone) is counted by all it has.
WITH {{include:bounds}}
SELECT
    session,
    uniqExactIf(turn, one_class = 'turn') AS turns,
    countIf(one_class = 'inference' AND is_first) AS primaries,
    if(primaries > 0, primaries, countIf(one_class = 'inference')) AS inferences,
    uniqExactIf(call, one_class = 'decision') AS decisions,
    uniqExactIf((call, said, who), one_class = 'approval') AS approvals,
    uniqExactIf(call, one_class = 'tool_call') AS tool_calls,
    uniqExactIf(call, one_class = 'tool_call' AND one_status = 'denied' OR one_class = 'approval' AND said IN ('deny', 'abort')) AS denied,
    uniqExactIf(call, one_class = 'tool_call' AND one_status = 'blocked') AS blocked,
    uniqExactIf(if(call = '', lower(hex(id)), call), one_class = 'observation') AS observations,
    countIf(one_class = 'egress' AND done = 'allowed') AS egress_allowed,
    countIf(one_class = 'egress' AND done = 'denied') AS egress_denied,
    countIf(one_class = 'finding') AS findings,
    if(primaries > 0, sumIf(tokens.1, one_class = 'inference' AND is_first), sumIf(tokens.1, one_class = 'inference')) AS input_tokens,
    if(primaries > 0, sumIf(tokens.2, one_class = 'inference' AND is_first), sumIf(tokens.2, one_class = 'inference')) AS cached_input_tokens,
    if(primaries > 0, sumIf(tokens.3, one_class = 'inference' AND is_first), sumIf(tokens.3, one_class = 'inference')) AS output_tokens,
    if(primaries > 0, sumIf(tokens.4, one_class = 'inference' AND is_first), sumIf(tokens.4, one_class = 'inference')) AS reasoning_tokens,
    if(primaries > 0, sumIf(tokens.5, one_class = 'inference' AND is_first), sumIf(tokens.5, one_class = 'inference')) AS cost_usd_micros
FROM
(
    SELECT
        session, id, any(records.turn) AS turn, any(records.call) AS call, any(class) AS one_class, any(status) AS one_status,
        any(verdict) AS said, any(by) AS who, any(action) AS done, max(ifNull(is_primary, false)) AS is_first,
        any((records.input_tokens, records.cached_input_tokens, records.output_tokens, records.reasoning_tokens, records.cost_usd_micros)) AS tokens
    FROM records
    WHERE tenant = {tenant:String} AND session IN {sessions:Array(String)}
        AND at >= bounds.1 AND at <= bounds.2 AND rx >= bounds.3 AND rx <= bounds.4
    GROUP BY session, id
)
GROUP BY session
