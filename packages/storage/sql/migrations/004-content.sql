-- The disclosures that open the commitments of `records`, outside the hash. A disclosure is base64url of a JSON triple of salt, path and
-- value (RFC 9901); it is kept decoded, so that text compresses and is stored once, wherever encoding it again gives the same bytes.
CREATE TABLE IF NOT EXISTS content {{on_cluster}}
(
    tenant      LowCardinality(String),
    ledger      LowCardinality(String),
    leaf        UInt64 CODEC(Delta, ZSTD(1)),
    id          FixedString(16) CODEC(NONE),
    class       LowCardinality(String),
    session     String CODEC(ZSTD(1)),
    call        String CODEC(ZSTD(1)),
    at          DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    rx          DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    path        LowCardinality(String),
    decoded     Bool,
    opened      String CODEC(ZSTD(1)),
    disclosure  String ALIAS if(decoded, base64URLEncode(opened), opened),
    text        String ALIAS if(decoded, JSONExtractString(opened, 3), ''),
    words       String ALIAS lower(if(decoded, JSONExtractString(opened, 3), '')),
    id_hex      String ALIAS lower(hex(id)),
    INDEX i_leaf    leaf    TYPE minmax              GRANULARITY 1,
    INDEX i_id      id      TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX i_text    lower(if(decoded, JSONExtractString(opened, 3), '')) TYPE text(tokenizer = 'splitByNonAlpha')
)
ENGINE = {{engine:MergeTree}}
PARTITION BY toDate(rx)
ORDER BY (tenant, toStartOfHour(at), session, at, ledger, leaf, path)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 0
