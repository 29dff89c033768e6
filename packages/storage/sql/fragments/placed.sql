ledger, leaf, sha_hex, canonical, concat(replaceOne(toString(at), ' ', 'T'), 'Z') AS at_text
