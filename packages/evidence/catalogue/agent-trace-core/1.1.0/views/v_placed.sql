-- Records with the session and call that they belong to: what they say themselves, unless a link knows better.
SELECT
  rec.* EXCEPT (session, call),
  if(p.place_session != '', p.place_session, rec.session) AS session,
  if(p.place_call != '' AND startsWith(rec.call, 'span:'), p.place_call, rec.call) AS call
FROM rec
LEFT JOIN v_place AS p ON p.linked = rec.id
