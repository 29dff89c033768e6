import { changeViews, type ExplainedSession, explainSession } from "@custody/context";
import { profileOf } from "@custody/dialects";
import { type ChangeView, type Clock, limits, type Page, type SessionView } from "@custody/model";
import {
  type Asked,
  changesOfSessions,
  contentOf,
  contentOfRecords,
  type FoundRecord,
  listSessions,
  policyRecords,
  type SessionFilter,
  wholeSessions,
  withDispositions,
} from "@custody/storage/queries";

/** Pages of records read to compose one session; a longer one is composed from its first so many, and says less. */
const sessionPagesMax = 20;

/** Calls of which the arguments are read, to find who wrote the files of its commits. */
const argumentsMax = 5_000;

/** Pages of names read to fill one page: a trace whose records belong to another session by now is none. */
const namePagesMax = 10;

/** A page of sessions that still have records of their own. */
export async function sessionPage(
  asked: Asked,
  filter: SessionFilter,
  clock: Clock,
): Promise<Page<SessionView>> {
  const limit = filter.limit ?? limits.pageItemsDefault;
  const items: SessionView[] = [];
  let { cursor } = filter;
  let next: string | null = null;
  for (let page = 0; page < namePagesMax; page++) {
    // Each page continues behind the last, and most are full after the first.
    const found = await listSessions(asked, {
      ...filter,
      limit: limit - items.length,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const names = found.items.map(({ session }) => session);
    items.push(...(await sessionViews(asked, names, clock)));
    next = found.next;
    if (next === null || items.length >= limit) break;
    cursor = next;
  }
  return { items, next };
}

/** Sessions composed at read from their records; one that has none by now is left out. */
async function sessionViews(
  asked: Asked,
  sessions: readonly string[],
  clock: Clock,
): Promise<readonly SessionView[]> {
  return (await explainedSessions(asked, sessions, clock)).map(({ view }) => view);
}

export async function explainedSessions(
  asked: Asked,
  sessions: readonly string[],
  clock: Clock,
): Promise<readonly ExplainedSession[]> {
  const now = clock.now();
  const [whole, policies, changed] = await Promise.all([
    wholeSessions(asked, sessions, sessionPagesMax),
    policyRecords(asked),
    changesOfSessions(asked, sessions),
  ]);
  const placed = await placedDispositions(asked, [...whole.values()].flat());
  return sessions.flatMap((session) => {
    const read = whole.get(session) ?? [];
    const records = [...read, ...(placed.get(session) ?? [])];
    const cut = read.length >= sessionPagesMax * limits.pageItemsMax;
    const changes = changeViews({ session, records, ...changed, contents: undefined });
    return explainSession(records, { session, now, profileOf, cut, policies, changes }) ?? [];
  });
}

/** What people said of the findings among the records, by the session of the finding. */
async function placedDispositions(
  asked: Asked,
  records: readonly FoundRecord[],
): Promise<ReadonlyMap<string, readonly FoundRecord[]>> {
  const placed = new Map<string, FoundRecord[]>();
  for (const one of (await withDispositions(asked, records)).slice(records.length)) {
    const session = one.record.session ?? "";
    placed.set(session, [...(placed.get(session) ?? []), one]);
  }
  return placed;
}

/** One session; for whoever may read content, each file of its commits with the calls that say they wrote it. */
export async function sessionView(
  asked: Asked,
  session: string,
  clock: Clock,
  withContent: boolean,
): Promise<SessionView | undefined> {
  const [view] = await sessionViews(asked, [session], clock);
  if (view === undefined || view.changes.length === 0 || !withContent) return view;
  return { ...view, changes: await openedChanges(asked, session) };
}

/** Read only where there is a commit: the arguments of a whole session are much to read. */
async function openedChanges(asked: Asked, session: string): Promise<readonly ChangeView[]> {
  const [whole, changed] = await Promise.all([
    wholeSessions(asked, [session], sessionPagesMax),
    changesOfSessions(asked, [session]),
  ]);
  const records = whole.get(session) ?? [];
  const calls = records.filter(({ record }) => record.sd?.["arguments"] !== undefined);
  const [told, files] = await Promise.all([
    contentOfRecords(asked, calls.slice(0, argumentsMax), "arguments"),
    contentOf(
      asked,
      changed.changes.map(({ record }) => record.id),
    ),
  ]);
  const contents = [...told, ...files].map(({ id, path, text }) => ({ record: id, path, text }));
  return changeViews({ session, records, ...changed, contents });
}
