import { sqlText } from "./sql-files.ts";

/** A table that holds a projection of every batch file; `bit` is its bit of `ingest.targets`. */
export interface Target {
  readonly name: "records" | "content" | "claims" | "sessions";
  readonly bit: number;
  /** Feeds the rows of a file that this table lacks, and no others. */
  readonly repair: string;
  /** Counts what the table holds of a file; undefined where an insert is idempotent by itself. */
  readonly held: string | undefined;
}

/** In the order of repair. A reader that finds a record finds its content at the latest when the repair is done. */
export const targets: readonly Target[] = (
  [
    ["records", true],
    ["content", true],
    ["claims", true],
    ["sessions", false],
  ] as const
).map(([name, counted], bit) => ({
  name,
  bit,
  repair: sqlText(`store/repair-${name}`),
  held: counted ? sqlText(`store/held-${name}`) : undefined,
}));
