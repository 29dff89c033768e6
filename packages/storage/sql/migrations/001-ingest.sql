-- The door: the columns of a batch file (model/batch-file.ts) and `targets`, a bit per target table.
-- A batch file has no `targets` column, so the hot path feeds all of them; a repair sets the bits of the tables that lack the row.
CREATE TABLE IF NOT EXISTS ingest {{on_cluster}}
(
    ledger  String,
    leaf    UInt64,
    sha     FixedString(32),
    id      FixedString(16),
    claim   FixedString(16),
    canonical String,
    content Array(Tuple(String, String)),
    targets UInt8 DEFAULT 255
)
ENGINE = Null
