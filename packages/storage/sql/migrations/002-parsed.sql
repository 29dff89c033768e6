-- The canonical JSON, parsed once for all targets. A member that is absent or of another type becomes the default of its type here;
-- the canonical bytes stay the truth. Times outside the range of DateTime64(9) become NULL.
CREATE TABLE IF NOT EXISTS parsed {{on_cluster}}
(
    ledger  String,
    leaf    UInt64,
    sha     FixedString(32),
    id      FixedString(16),
    claim   FixedString(16),
    canonical String,
    content Array(Tuple(String, String)),
    targets UInt8,
    r {{include:record}}
)
ENGINE = Null
