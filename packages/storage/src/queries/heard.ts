import { isTraceSession } from "@custody/context";
import { type LedgerRecord, limits, type RecordClass } from "@custody/model";
import { storageLimits } from "../limits.ts";
import { type Asked, ask, type FoundRecord, found, type Window, windowOf } from "./ask.ts";
import { linksOf, tracesOfSessions } from "./placements.ts";
import { recordsById } from "./records-by-id.ts";

/** What was read of one session, and whether it was longer than that. */
export interface HeardRecords {
  readonly records: readonly FoundRecord[];
  readonly cut: boolean;
}

/** Pages of one question about several sessions: sessions that have more are not held in memory together. */
const togetherPagesMax = 10;

/**
 * Everything that bears on each of some sessions, wherever it belongs by now: the records under its name or under a trace that once stood for it,
 * the links of those, and what links brought here. It only ever grows, so that who knew more can be counted. One question for all of them: a
 * statement costs more than the records of a usual session. Undefined where they are too long to be read together: then each is asked for alone.
 */
export async function heardOfSessions(
  asked: Asked,
  sessions: readonly string[],
  pagesMax: number,
): Promise<ReadonlyMap<string, HeardRecords> | undefined> {
  const heard = new Map<string, HeardRecords>();
  if (sessions.length === 0) return heard;
  const stoodFor = await tracesOfSessions(asked, sessions);
  const namesOf = new Map(sessions.map((session) => [session, new Set([session])]));
  for (const { session, trace } of stoodFor) namesOf.get(session)?.add(trace);
  const all = [...new Set([...namesOf.values()].flatMap((names) => [...names]))];
  const isAlone = sessions.length === 1;
  const { records, cut } = await pagesOf(
    asked,
    all,
    isAlone ? pagesMax : Math.min(pagesMax, togetherPagesMax),
  );
  if (cut && !isAlone) return undefined;
  for (const [session, names] of namesOf) {
    const own = records.filter(({ record }) => names.has(record.session ?? ""));
    heard.set(session, { records: own, cut });
  }
  return withLinked(asked, heard);
}

/** Adds the links of records that may be moved, and the records that links brought from elsewhere. */
async function withLinked(
  asked: Asked,
  heard: ReadonlyMap<string, HeardRecords>,
): Promise<ReadonlyMap<string, HeardRecords>> {
  const all = [...heard.values()].flatMap(({ records }) => records);
  const known = new Set(all.map(({ record }) => record.id));
  const loose = all.filter(({ record }) => isTraceSession(record));
  const brought = new Set(all.flatMap(({ record }) => linkedId(record) ?? []));
  const absent = [...brought].filter((id) => !known.has(id));
  const [links, targets] = await Promise.all([
    linksOf(
      asked,
      loose.map(({ record, at }) => ({ id: record.id, at })),
    ),
    recordsById(asked, absent.slice(0, storageLimits.listItemsMax)),
  ]);
  if (links.length === 0 && targets.length === 0 && brought.size === 0) return heard;
  const byId = new Map([...all, ...targets].map((one) => [one.record.id, one]));
  return new Map(
    [...heard].map(([session, { records, cut }]) => {
      const ids = new Set(records.map(({ record }) => record.id));
      const own = links.filter(({ record }) => ids.has(linkedId(record) ?? ""));
      const theirs = records.flatMap(({ record }) => byId.get(linkedId(record) ?? "") ?? []);
      const whole = [...records, ...own, ...theirs];
      return [
        session,
        { records: [...new Map(whole.map((one) => [placeOf(one), one])).values()], cut },
      ];
    }),
  );
}

async function pagesOf(
  asked: Asked,
  sessions: readonly string[],
  pagesMax: number,
): Promise<HeardRecords> {
  const records: FoundRecord[] = [];
  // Several pages at once: a statement costs more than its rows.
  const limit = limits.pageItemsMax * 5;
  for (let page = 0; page < Math.ceil(pagesMax / 5); page++) {
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

/** The records of one day of a tenant that are looked at without their sessions, the earliest of them, and the links of its flows. */
export async function recordsOfDay(
  asked: Asked,
  day: Required<Window>,
  limit: number,
): Promise<readonly FoundRecord[]> {
  const records = (await ask(asked, "day-records", { ...day, classes: dayClasses, limit })).map(
    found,
  );
  const flows = records.filter(({ record }) => record.class === "egress");
  const links = await linksOf(
    asked,
    flows.map(({ record, at }) => ({ id: record.id, at })),
  );
  return [...records, ...links];
}

/** How many there are, all links of the day included: asked first, so that a day to which nothing came is not read again. */
export async function sizeOfDay(asked: Asked, day: Required<Window>): Promise<number> {
  const [row] = await ask(asked, "day-size", { ...day, classes: dayClasses });
  return Number(row?.["records"] ?? 0);
}
