CREATE TABLE spans
(
    trace         String CODEC(ZSTD(1)),
    span          String CODEC(ZSTD(1)),
    parent        String CODEC(ZSTD(1)),
    name          LowCardinality(String),
    span_kind     UInt8,
    status        UInt8,
    start         DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    end           DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    session       String CODEC(ZSTD(1)),
    turn          String CODEC(ZSTD(1)),
    call          String CODEC(ZSTD(1)),
    kind          LowCardinality(String),
    agent         LowCardinality(String),
    agent_version LowCardinality(String),
    model         LowCardinality(String),
    tool          LowCardinality(String),
    tool_status   LowCardinality(String),
    verdict       LowCardinality(String),
    input_tokens  UInt32,
    output_tokens UInt32,
    input         String CODEC(ZSTD(1)),
    output        String CODEC(ZSTD(1)),
    resource      Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    attributes    Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    digest        String CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toDate(start)
ORDER BY (toStartOfHour(start), session, start)
