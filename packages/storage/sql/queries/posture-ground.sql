-- Who spoke in a window under which kind of credential, and what the log says of itself.
SELECT
    countIf(auth_kind = 'agent') AS keyed,
    countIf(auth_kind = 'none') AS keyless,
    countIf(auth_kind = 'observer') AS observed,
    countIf(auth_kind = 'authority') AS decided,
    countIf(class = 'opaque') AS opaque,
    countIf(auth_kind IN ('agent', 'none') AND at_marked) AS misdated,
    countIf(auth_kind != 'internal') AS told,
    maxIf(concat(replaceOne(toString(at), ' ', 'T'), 'Z'), class = 'integrity' AND kind = 'verify' AND auth_kind = 'internal'
        AND JSONExtractString(canonical, 'body', 'detail', 'check') = 'fsck'
        AND JSONExtractString(canonical, 'body', 'detail', 'result') = 'clean') AS verified_text,
    countIf(class = 'integrity' AND kind = 'anchor' AND auth_kind = 'internal') AS anchors,
    uniqExactIf(subject, auth_kind = 'observer' AND class = 'egress') AS proxies,
    uniqExactIf(subject, auth_kind = 'observer' AND class = 'sandbox') AS runtimes
FROM records
WHERE tenant = {tenant:String} AND {{include:window}}
