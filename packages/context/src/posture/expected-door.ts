import { z } from "zod";
import { idText, present, readDoor, timeText, wordText } from "../door.ts";
import { contextLimits } from "../limits.ts";
import type { ExpectedEntry, ExpectedKind } from "./expected.ts";

/** What `PUT /v1/expected` holds: who should report, as one observer's inventory says. It replaces that observer's last list as a whole. */
export interface ExpectedList {
  /** As of when the inventory says so. */
  readonly ts: string | undefined;
  readonly entries: readonly ExpectedEntry[];
  readonly counts: Readonly<Record<`${ExpectedKind}s`, number>>;
}

const span = { since: timeText.nullish(), until: timeText.nullish() };
const named = z.strictObject({ id: idText, ...span });
const agent = z.strictObject({ name: wordText, device: idText.nullish(), ...span });
const list = <T extends z.ZodType>(item: T): z.ZodDefault<z.ZodArray<T>> =>
  z.array(item).max(contextLimits.expectedEntriesMax).default([]);

const body = z
  .strictObject({
    as_of: timeText.nullish(),
    devices: list(named),
    principals: list(named),
    agents: list(agent),
  })
  .refine(
    ({ devices, principals, agents }) =>
      devices.length + principals.length + agents.length <= contextLimits.expectedEntriesMax,
    `more than ${contextLimits.expectedEntriesMax} entries`,
  );

export type ExpectedVerdict =
  | { readonly outcome: "ok"; readonly list: ExpectedList }
  | { readonly outcome: "invalid"; readonly reason: string };

export function parseExpected(json: unknown): ExpectedVerdict {
  const read = readDoor(body, json, ({ as_of, devices, principals, agents }) => ({
    ts: as_of ?? undefined,
    entries: [
      ...devices.map((entry) => ({ kind: "device" as const, ...entryOf(entry.id, entry) })),
      ...principals.map((entry) => ({ kind: "principal" as const, ...entryOf(entry.id, entry) })),
      ...agents.map((entry) => ({
        kind: "agent" as const,
        ...entryOf(entry.name, entry),
        ...present({ device: entry.device }),
      })),
    ],
    counts: {
      devices: devices.length,
      principals: principals.length,
      agents: agents.length,
    },
  }));
  return read.outcome === "ok" ? { outcome: "ok", list: read.fact } : read;
}

function entryOf(
  id: string,
  {
    since,
    until,
  }: { readonly since?: string | null | undefined; readonly until?: string | null | undefined },
): Omit<ExpectedEntry, "kind"> {
  return { id, ...present({ since, until }) };
}

/** The entries of one list as the bodies of records, each small enough for one; an empty list is one body. */
export function expectedParts(
  { entries }: ExpectedList,
  version: string,
): readonly Readonly<Record<string, unknown>>[] {
  const size = contextLimits.expectedEntriesPerRecord;
  const parts = Math.max(1, Math.ceil(entries.length / size));
  return Array.from({ length: parts }, (_, part) => ({
    version,
    part,
    parts,
    entries: entries.slice(part * size, (part + 1) * size),
  }));
}
