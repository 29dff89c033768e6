substring(SHA256(concat('custody/action-id/1\n', tenant, '\n', toString(length(session)), '\n', session, '\n', call)), 1, 16)
