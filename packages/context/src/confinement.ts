import type { Grade, LedgerRecord, PlacedRecord } from "@custody/model";
import { isOf, latest } from "./record-order.ts";

/** The sandbox a session or call ran in, as far as anybody said. */
export interface Confinement {
  readonly mode: string | null;
  readonly backend: string | null;
  readonly grade: Grade;
}

interface Said {
  readonly record: LedgerRecord;
  readonly mode: string | undefined;
  readonly backend: string | undefined;
}

/**
 * The last statement up to `at` (where given), of the best grade: what a runtime attests stands above what the agent says of itself
 * (design 2). A runtime that names no mode leaves the agent's mode standing, and then the grade is the agent's.
 */
export function confinementOf(
  placed: readonly PlacedRecord[],
  at: string | undefined,
): Confinement | null {
  const all = placed.map(({ record }) => statement(record)).filter((one) => one !== undefined);
  const before = all.filter(({ record }) => at === undefined || record.ts <= at);
  // Clocks of agent and runtime differ: what was only said later is better than nothing.
  const said = before.length > 0 ? before : all;
  const modes = best(said.filter(({ mode }) => mode !== undefined));
  const backends = best(said.filter(({ backend }) => backend !== undefined));
  const any = modes ?? backends ?? best(said.filter(({ record }) => record.class === "sandbox"));
  if (any === undefined) return null;
  return {
    mode: modes?.mode ?? null,
    backend: backends?.backend ?? null,
    grade: any.record.grade,
  };
}

function statement(record: LedgerRecord): Said | undefined {
  if (
    isOf(record, "sandbox") &&
    (record.body.event === "start" || record.body.event === "change")
  ) {
    // A profile is the runtime's own word for a mode.
    return { record, mode: record.body.mode ?? record.body.profile, backend: record.body.backend };
  }
  if (!isOf(record, "session")) return undefined;
  const { sandbox_mode: mode, sandbox_backend: backend } = record.body;
  return mode === undefined && backend === undefined ? undefined : { record, mode, backend };
}

function best(said: readonly Said[]): Said | undefined {
  const observed = said.filter(({ record }) => record.grade === "observed");
  const chosen = observed.length > 0 ? observed : said;
  const last = latest(chosen.map(({ record }) => record));
  return chosen.find(({ record }) => record === last);
}
