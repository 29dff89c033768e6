import type { Row, SqlValue, StoreReader } from "@custody/model";
import type { Catalogue } from "./catalogue.ts";
import { EvidenceError } from "./errors.ts";
import { limits } from "./limits.ts";
import type { Overlay } from "./overlay.ts";
import { parametersOf, type RunScope } from "./parameters.ts";

/** Counts behind the first page of every report. */
export interface PeriodFacts {
  readonly coverage: Readonly<Record<CoverageName, number>>;
  readonly openGaps: number;
  readonly missingRecords: number;
  readonly downtimes: number;
  readonly silentMs: number;
  readonly longestSilenceMs: number;
  /** Ids of the reconciliations that ran. */
  readonly reconciliations: readonly string[];
  /** Kinds of policy of which an approved version was in force. */
  readonly policyKinds: readonly string[];
}

const coverageNames = [
  "records",
  "sessions",
  "known_sessions",
  "keyless",
  "opaque",
  "calls",
  "unread_calls",
  "approvals",
  "observed_approvals",
  "observed_sandboxes",
  "flows",
  "observed_flows",
  "denied_flows",
  "conflicts",
  "origins",
  "retimed",
] as const;
type CoverageName = (typeof coverageNames)[number];

export async function readPeriodFacts(
  reader: StoreReader,
  catalogue: Catalogue,
  scope: RunScope,
  overlay: Overlay,
): Promise<PeriodFacts> {
  const one = async (sql: string): Promise<Row> => {
    const params: Readonly<Record<string, SqlValue>> = parametersOf(sql, scope, overlay);
    const [row] = await reader.rows({ sql, params, rowsMax: 1, timeoutMs: limits.queryMsMax });
    if (row === undefined) throw new EvidenceError("ROW_FORMAT", "the facts answered no row");
    return row;
  };
  const coverage = await one(catalogue.facts.coverage);
  const completeness = await one(catalogue.facts.completeness);
  return {
    coverage: Object.fromEntries(
      coverageNames.map((name) => [name, countOf(coverage, name)]),
    ) as Record<CoverageName, number>,
    openGaps: countOf(completeness, "open_gaps"),
    missingRecords: countOf(completeness, "missing_records"),
    downtimes: countOf(completeness, "downtimes"),
    silentMs: countOf(completeness, "silent_ms"),
    longestSilenceMs: countOf(completeness, "longest_silence_ms"),
    reconciliations: wordsOf(completeness, "reconciliations"),
    policyKinds: wordsOf(completeness, "policy_kinds"),
  };
}

function countOf(row: Row, name: string): number {
  const count = Number(row[name] ?? 0);
  if (!Number.isSafeInteger(count)) {
    throw new EvidenceError("ROW_FORMAT", `the facts answered no ${name}`);
  }
  return count;
}

function wordsOf(row: Row, name: string): readonly string[] {
  const words = row[name];
  return Array.isArray(words) ? words.map(String).sort() : [];
}
