-- Flows that knew no session, by the session their link gives them to: the link with the largest basis, on a tie the smallest id.
WITH {{include:bounds}},
linked_here AS
(
    SELECT DISTINCT linked AS flow
    FROM records
    WHERE tenant = {tenant:String} AND class = 'link' AND kind = 'egress_call' AND session IN {sessions:Array(String)}
        AND at >= bounds.1 AND at <= bounds.2 AND rx >= bounds.3 AND rx <= bounds.4
)
SELECT owner, countIf(done = 'allowed') AS egress_allowed, countIf(done = 'denied') AS egress_denied
FROM
(
    SELECT id AS flow, any(action) AS done
    FROM records
    WHERE tenant = {tenant:String} AND class = 'egress' AND session = '' AND id IN (SELECT flow FROM linked_here)
    GROUP BY id
) AS flows
INNER JOIN
(
    SELECT linked AS flow, argMin(session, (-ifNull(basis, 0), id)) AS owner
    FROM records
    WHERE tenant = {tenant:String} AND class = 'link' AND linked IN (SELECT flow FROM linked_here)
    GROUP BY linked
) AS owners USING (flow)
WHERE owner IN {sessions:Array(String)}
GROUP BY owner
