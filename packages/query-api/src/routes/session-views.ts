import { explainSession } from "@custody/context";
import { profileOf } from "@custody/dialects";
import type { Clock, FidelityView, SessionView } from "@custody/model";
import { type Asked, wholeSession } from "@custody/storage/queries";

/** Pages of records read to compose one session; a longer one is composed from its first so many, and says less. */
const sessionPagesMax = 20;

/** A session, and why each of its facts is known or is not. */
export interface ExplainedSession {
  readonly view: SessionView;
  readonly fidelity: FidelityView;
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
  const explained: ExplainedSession[] = [];
  for (const session of sessions) {
    // One after another: the store's readers are few, and another caller waits for them too.
    const records = await wholeSession(asked, session, sessionPagesMax);
    const one = explainSession(records, { session, now, profileOf });
    if (one !== undefined) explained.push(one);
  }
  return explained;
}
