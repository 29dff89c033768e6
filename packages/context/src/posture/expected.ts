import type { PlacedRecord } from "@custody/model";
import { z } from "zod";
import { atOf, compareText } from "../record-order.ts";

const expectedKinds = ["device", "principal", "agent"] as const;
export type ExpectedKind = (typeof expectedKinds)[number];

/** Something that should report. A device is a subject of keys, an agent the name its telemetry gives; with `device`, that agent on that device. */
export interface ExpectedEntry {
  readonly kind: ExpectedKind;
  readonly id: string;
  readonly device?: string;
  readonly since?: string;
  readonly until?: string;
}

const detail = z.object({
  version: z.string(),
  part: z.int().nonnegative(),
  parts: z.int().positive(),
  entries: z.array(
    z.object({
      kind: z.enum(expectedKinds),
      id: z.string(),
      device: z.string().optional(),
      since: z.string().optional(),
      until: z.string().optional(),
    }),
  ),
});

/** Those who should report in a window: of each observer the newest list that is whole, and of it the entries whose span meets the window. */
export function expectedIn(
  records: readonly PlacedRecord[],
  window: { readonly from: string; readonly to: string },
): readonly ExpectedEntry[] {
  const entries = new Map<string, ExpectedEntry>();
  for (const { at, list } of newestLists(records)) {
    for (const entry of list) {
      const { since = at, until } = entry;
      if (since >= window.to || (until !== undefined && until <= window.from)) continue;
      entries.set(JSON.stringify([entry.kind, entry.id, entry.device ?? null]), entry);
    }
  }
  return [...entries.entries()]
    .sort(([left], [right]) => compareText(left, right))
    .map(([, entry]) => entry);
}

interface List {
  readonly at: string;
  readonly list: readonly ExpectedEntry[];
}

function newestLists(records: readonly PlacedRecord[]): readonly List[] {
  const newest = new Map<string, List & { readonly version: string }>();
  for (const [key, parts] of partsByList(records)) {
    const [observer = "", at = "", version = ""] = JSON.parse(key) as string[];
    const [first] = parts.values();
    if (first === undefined || parts.size < first.parts) continue;
    const known = newest.get(observer);
    if (known !== undefined && (known.at > at || (known.at === at && known.version > version))) {
      continue;
    }
    const list = [...parts.values()].flatMap(({ entries }) => entries);
    newest.set(observer, { at, version, list: list as readonly ExpectedEntry[] });
  }
  return [...newest.values()];
}

type Part = z.infer<typeof detail>;

/** Only what an observer's own key wrote names who is expected: an agent that could would name itself away. */
function partsByList(records: readonly PlacedRecord[]): ReadonlyMap<string, Map<number, Part>> {
  const lists = new Map<string, Map<number, Part>>();
  for (const { record } of records) {
    if (record.class !== "integrity" || record.src.auth.kind !== "observer") continue;
    const body = record.body as { kind: string; detail: unknown };
    const part = detail.safeParse(body.detail);
    if (body.kind !== "expected" || !part.success) continue;
    const key = JSON.stringify([record.src.auth.subject, atOf(record), part.data.version]);
    const known = lists.get(key) ?? new Map<number, Part>();
    lists.set(key, known.set(part.data.part, part.data));
  }
  return lists;
}
