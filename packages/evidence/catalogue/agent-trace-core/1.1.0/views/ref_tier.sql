-- Tiers policies in force, one row per rule; a policy's default is the rule with the empty label.
SELECT valid_from, valid_to, digest, rule.1 AS label, rule.2 AS tier
FROM (SELECT valid_from, valid_to, digest, document FROM ref_policy WHERE kind = 'tiers')
ARRAY JOIN arrayConcat(
  JSONExtract(document, 'rules', 'Array(Tuple(label String, tier UInt8))'),
  [CAST(tuple('', JSONExtractUInt(document, 'default')), 'Tuple(label String, tier UInt8)')]
) AS rule
