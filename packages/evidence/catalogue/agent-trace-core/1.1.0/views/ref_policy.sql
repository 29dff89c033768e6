-- Policy versions in force, as intervals. A version counts only if a person other than everybody who proposed it approved it;
-- it is valid from the later of its stated start and the receipt of its approval, until its stated end or the next version.
SELECT
  kind, name, version, digest, document, approval_leaf, approval_sha256, valid_from,
  if(next_from != '' AND (stated_to = '' OR next_from < stated_to), next_from, if(stated_to = '', '9999-12-31T00:00:00.000000000Z', stated_to)) AS valid_to
FROM (
  SELECT
    kind, name, version, digest, document, stated_to, approval_leaf, approval_sha256, valid_from,
    leadInFrame(valid_from) OVER (
      PARTITION BY kind, name ORDER BY valid_from, version, approval_leaf ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS next_from
  FROM (
    SELECT
      a.kind AS kind, a.name AS name, a.version AS version, a.digest AS digest,
      any(p.document) AS document,
      any(p.effective_to) AS stated_to,
      min(a.leaf_index) AS approval_leaf,
      argMin(a.record_sha256, a.leaf_index) AS approval_sha256,
      greatest(max(p.effective_from), argMin(a.rx, a.leaf_index)) AS valid_from
    FROM (
      SELECT * FROM v_policy
      WHERE event = 'approved' AND auth_kind = 'authority' AND approver != '' AND approver = auth_subject AND digest != ''
    ) AS a
    INNER JOIN (
      SELECT
        kind, name, version, digest,
        min(leaf_index) AS proposal_leaf, any(document) AS document, max(effective_from) AS effective_from, min(effective_to) AS effective_to,
        groupUniqArray(author) AS authors, groupUniqArray(auth_subject) AS proposers
      FROM v_policy
      WHERE event = 'proposed' AND auth_kind = 'authority' AND author != ''
      GROUP BY kind, name, version, digest
    ) AS p ON p.kind = a.kind AND p.name = a.name AND p.version = a.version AND p.digest = a.digest
    WHERE p.proposal_leaf < a.leaf_index AND NOT has(p.authors, a.approver) AND NOT has(p.proposers, a.approver)
    GROUP BY a.kind, a.name, a.version, a.digest
  )
)
