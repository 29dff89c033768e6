-- Egress policies in force, one row per policy with its rules. Whatever no rule allows is denied.
SELECT valid_from, valid_to, digest, JSONExtract(document, 'rules', 'Array(Tuple(id String, host String, ports Array(UInt32)))') AS rules
FROM ref_policy WHERE kind = 'egress'
