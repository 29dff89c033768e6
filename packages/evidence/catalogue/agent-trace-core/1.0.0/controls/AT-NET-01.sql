WITH
  rules AS (
    SELECT digest, valid_from, valid_to, r.1 AS allow, r.2 AS deny
    FROM (
      SELECT digest, valid_from, valid_to, JSONExtract(document, 'Tuple(allow Array(Tuple(host String, ports Array(UInt32))), deny Array(Tuple(host String, ports Array(UInt32))))') AS r
      FROM ref_policy WHERE kind = 'egress'
    )
  )
SELECT 1
