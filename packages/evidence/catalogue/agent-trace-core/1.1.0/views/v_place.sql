-- What links say of where records belong that named no session, or no call: the session that their trace names, and of the links made for that
-- session the call that the model chose. Empty where no link says so.
SELECT
  linked,
  moved AS place_session,
  arraySort(c -> tuple(c.2, c.3), arrayFilter(c -> moved = '' OR c.1 = moved, calls))[1].4 AS place_call
FROM (
  SELECT
    b.record AS linked,
    argMinIf(session, tuple(-b.basis, id), b.kind = 'trace_session') AS moved,
    groupArrayIf(tuple(session, -b.basis, id, call), b.kind = 'span_call') AS calls
  FROM (
    SELECT id, session, call, JSONExtract(canonical, 'body', 'Tuple(kind String, record String, basis Int64)') AS b
    FROM rec
    WHERE position(canonical, '"class":"link"') > 0 AND class = 'link' AND auth_kind = 'internal'
  )
  WHERE b.kind IN ('trace_session', 'span_call')
  GROUP BY linked
)
