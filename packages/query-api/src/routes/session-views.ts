import { assembleSession } from "@custody/context";
import type { Clock, SessionView } from "@custody/model";
import { type Asked, wholeSession } from "@custody/storage/queries";

/** Pages of records read to compose one session; a longer one is composed from its first so many, and says less. */
const sessionPagesMax = 20;

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
    const view = assembleSession(await wholeSession(asked, session, sessionPagesMax), {
      session,
      now,
    });
    if (view !== undefined) views.push(view);
  }
  return views;
}
