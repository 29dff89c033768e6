import { type ExplainedSession, explainSession } from "@custody/context";
import { profileOf } from "@custody/dialects";
import { type Clock, limits, type Page, type SessionView } from "@custody/model";
import {
  type Asked,
  listSessions,
  policyRecords,
  type SessionFilter,
  wholeSessions,
} from "@custody/storage/queries";

/** Pages of records read to compose one session; a longer one is composed from its first so many, and says less. */
const sessionPagesMax = 20;

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
export async function sessionViews(
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
  const [whole, policies] = await Promise.all([
    wholeSessions(asked, sessions, sessionPagesMax),
    policyRecords(asked),
  ]);
  return sessions.flatMap((session) => {
    const records = whole.get(session) ?? [];
    const cut = records.length >= sessionPagesMax * limits.pageItemsMax;
    return explainSession(records, { session, now, profileOf, cut, policies }) ?? [];
  });
}
