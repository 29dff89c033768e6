import type { Hit } from "./condition.ts";
import { timeOf } from "./record-order.ts";
import type { CallStory } from "./story.ts";

/**
 * One hit for all calls of a session whose tier nobody can know (decision 001). It is concluded from what was not sent, and is about the session: a
 * source withholds all its arguments or none.
 */
export function unreadHit(calls: readonly CallStory[]): readonly Hit<"unread">[] {
  const unread = calls.filter((call) => call.unread === true);
  const [first] = unread;
  if (first === undefined) return [];
  const refs = unread.map(({ anchor }) => anchor.id);
  return [{ case: "unread", at: timeOf(first.anchor), refs, inferred: true }];
}
