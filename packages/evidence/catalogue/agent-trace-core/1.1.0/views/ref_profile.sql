-- Approved sandbox configurations, one row per profile of a policy in force.
SELECT valid_from, valid_to, profile.1 AS name, profile.2 AS config_digest
FROM (SELECT valid_from, valid_to, document FROM ref_policy WHERE kind = 'sandbox')
ARRAY JOIN JSONExtract(document, 'profiles', 'Array(Tuple(name String, config_digest String))') AS profile
