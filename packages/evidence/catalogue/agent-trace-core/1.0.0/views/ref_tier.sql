-- Tiers policies in force, one row per label.
SELECT valid_from, valid_to, digest, pair.1 AS label, pair.2 AS tier
FROM (SELECT valid_from, valid_to, digest, document FROM ref_policy WHERE kind = 'tiers')
ARRAY JOIN JSONExtractKeysAndValues(document, 'labels', 'UInt8') AS pair
