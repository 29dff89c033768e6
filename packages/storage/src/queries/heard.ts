import { isTraceSession } from "@custody/context";
import { type LedgerRecord, limits, type RecordClass } from "@custody/model";
import { storageLimits } from "../limits.ts";
import { type Asked, ask, type FoundRecord, found, type Window, windowOf } from "./ask.ts";
import { linksOf, tracesOfSession } from "./placements.ts";
import { recordsById } from "./records-by-id.ts";

/** What was read of one session, and whether it was longer than that. */
export interface HeardRecords {
  readonly records: readonly FoundRecord[];
  readonly cut: boolean;
}

/**
 * Everything that bears on a session, wherever it belongs by now: the records under its name or under a trace that once stood for it, the links
 * of those, and what links brought here. It only ever grows, so that who knew more can be counted.
 */
export async function heardOfSession(
  asked: Asked,
  session: string,
  pagesMax: number,
): Promise<HeardRecords> {
  const sessions = [session, ...(await tracesOfSession(asked, session))];
  const { records, cut } = await pagesOf(asked, sessions, pagesMax);
  const known = new Map(records.map((one) => [one.record.id, one]));
  const loose = records.filter(({ record }) => isTraceSession(record));
  const brought = records.flatMap(({ record }) => linkedId(record) ?? []);
  const absent = [...new Set(brought)].filter((id) => !known.has(id));
  const [links, targets] = await Promise.all([
    linksOf(
      asked,
      loose.map(({ record, at }) => ({ id: record.id, at })),
    ),
    recordsById(asked, absent.slice(0, storageLimits.listItemsMax)),
  ]);
  const all = [...records, ...links, ...targets];
  return { records: [...new Map(all.map((one) => [placeOf(one), one])).values()], cut };
}

async function pagesOf(
  asked: Asked,
  sessions: readonly string[],
  pagesMax: number,
): Promise<HeardRecords> {
  const records: FoundRecord[] = [];
  const limit = limits.pageItemsMax;
  for (let page = 0; page < pagesMax; page++) {
    const last = records.at(-1);
    // Each page begins behind the one before.
    const rows = await ask(asked, "session-records", {
      ...windowOf({}),
      sessions,
      after_at: last?.at ?? windowOf({}).from,
      after_leaf: last?.leaf ?? -1,
      after_ledger: last?.ledger ?? "",
      limit,
    });
    records.push(...rows.map(found));
    if (rows.length < limit) return { records, cut: false };
  }
  return { records, cut: true };
}

function linkedId(record: LedgerRecord): string | undefined {
  return record.class === "link" ? (record as LedgerRecord<"link">).body.record : undefined;
}

function placeOf({ ledger, leaf }: FoundRecord): string {
  return `${ledger}/${leaf}`;
}

/** Arguments by the id of the record that told them, of those that may be opened here. The caller has decided that they may be read. */
export async function argumentsOf(
  asked: Asked,
  records: readonly FoundRecord[],
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (let start = 0; start < records.length; start += limits.pageItemsMax) {
    const some = records.slice(start, start + limits.pageItemsMax);
    const times = some.map(({ at }) => at).sort();
    const ids = some.map(({ record }) => record.id);
    // One question after another: arguments may be long, and the answer is held whole.
    const rows = await ask(asked, "arguments-of", {
      ids,
      from: times[0] ?? "",
      to: times.at(-1) ?? "",
    });
    for (const row of rows) {
      if (row["text"] !== "") texts.set(String(row["id_hex"]), String(row["text"]));
    }
  }
  return texts;
}

/** Sessions that anything was received of since a moment: a page of them in the order of their names, after one. */
export async function sessionsHeard(
  asked: Asked,
  page: { readonly since: string; readonly after: string; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await ask(asked, "sessions-heard", { ...page });
  return rows.map((row) => String(row["session"]));
}

/** Classes of which a day is looked at; of egress what has no session. */
const dayClasses: readonly RecordClass[] = [
  "integrity",
  "access",
  "heartbeat",
  "change",
  "approval",
  "session",
  "egress",
];

/** The records of one day of a tenant that are looked at without their sessions, the earliest of them, in order of time. */
export async function recordsOfDay(
  asked: Asked,
  day: Required<Window>,
  limit: number,
): Promise<readonly FoundRecord[]> {
  return (await ask(asked, "day-records", { ...day, classes: dayClasses, limit })).map(found);
}

/** How many there are: asked first, so that a day to which nothing came is not read again. */
export async function sizeOfDay(asked: Asked, day: Required<Window>): Promise<number> {
  const [row] = await ask(asked, "day-size", { ...day, classes: dayClasses });
  return Number(row?.["records"] ?? 0);
}
