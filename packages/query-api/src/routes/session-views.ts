import { assembleSession } from "@custody/context";
import { type Clock, limits, type SessionView } from "@custody/model";
import { type Asked, type FoundRecord, sessionRecords } from "@custody/storage/queries";

/** Pages of records read to compose one session; a longer one is composed from its first so many, and says less. */
const sessionPagesMax = 20;

/** All records of a session in order of time, up to `sessionPagesMax` pages. */
export async function everyRecord(asked: Asked, session: string): Promise<readonly FoundRecord[]> {
  const records: FoundRecord[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < sessionPagesMax; page++) {
    // Each page's cursor is the end of the one before.
    const found = await sessionRecords(asked, {
      session,
      limit: limits.pageItemsMax,
      ...(cursor === undefined ? {} : { cursor }),
    });
    records.push(...found.items);
    if (found.next === null) break;
    cursor = found.next;
  }
  return records;
}

/** Sessions composed at read from their records; one that has none by now is left out. */
export async function sessionViews(
  asked: Asked,
  sessions: readonly string[],
  clock: Clock,
): Promise<readonly SessionView[]> {
  const now = clock.now();
  const views: SessionView[] = [];
  for (const session of sessions) {
    // One after another: the store's readers are few, and another caller waits for them too.
    const view = assembleSession(await everyRecord(asked, session), { session, now });
    if (view !== undefined) views.push(view);
  }
  return views;
}
