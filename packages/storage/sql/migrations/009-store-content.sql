CREATE MATERIALIZED VIEW IF NOT EXISTS store_content {{on_cluster}} TO content AS
WITH tryBase64URLDecode(item.2) AS plain
SELECT
    tenant, ledger, leaf, id, class, session, call, at, rx,
    item.1 AS path,
    base64URLEncode(plain) = item.2 AS decoded,
    if(decoded, plain, item.2) AS opened
FROM parsed
ARRAY JOIN content AS item
WHERE bitTest(targets, 1)
