-- Joins concluded later. Of the links of one record the one with the largest basis counts; a tie goes to the smallest id.
SELECT
  linked,
  link_kind,
  argMin(tuple(session, call), tuple(-basis, id)) AS place,
  place.1 AS link_session,
  place.2 AS link_call
FROM (
  SELECT
    id, session, call,
    JSONExtract(canonical, 'body', 'Tuple(kind String, record String, basis Int64)') AS b,
    b.kind AS link_kind,
    b.record AS linked,
    b.basis AS basis
  FROM rec
  WHERE position(canonical, '"class":"link"') > 0 AND class = 'link' AND auth_kind = 'internal'
)
GROUP BY linked, link_kind
