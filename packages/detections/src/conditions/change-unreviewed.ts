import type { LedgerRecord } from "@custody/model";
import { z } from "zod";
import { type Condition, condition, type Hit } from "../condition.ts";
import type { Day } from "../day.ts";
import { timeOf } from "../record-order.ts";
import { push } from "../records.ts";

type Change = LedgerRecord<"change">;
type Fault = "unreviewed" | "self" | "unsaid" | "checks" | "rewritten";

/**
 * Work of an agent reached a protected branch, as version control shows it: `unreviewed`, no person approved the head that was merged; `self`, only
 * those whom its sessions work for did; `unsaid`, no observer tells of a review; `checks`, a required one failed or was skipped; `rewritten`, history was
 * moved. Once for each commit and case. Whether an agent had a part is what the commit itself says, its address, its trailers, an attribution:
 * claims, and a commit that hides them is seen by a list of branches alone. A branch that nobody calls protected is none.
 */
export const changeUnreviewed: Condition = condition({
  cases: ["unreviewed", "self", "unsaid", "checks", "rewritten"],
  inputs: ["change"],
  parameters: z.strictObject({}),
  findInDay: (day) => {
    const commits = new Map<string, Change[]>();
    for (const change of day.of("change")) {
      const { repo = "", commit } = change.body;
      // An attribution names no repository of its own.
      if (commit === undefined) continue;
      const name = change.body.event === "trace" ? commit : `${repo}@${commit}`;
      push(commits, name, change);
    }
    return [...commits].flatMap(([name, changes]) => {
      const traces = commits.get(changes[0]?.body.commit ?? "") ?? [];
      return hitsOf(name, changes, traces, day);
    });
  },
});

function hitsOf(
  name: string,
  changes: readonly Change[],
  traces: readonly Change[],
  day: Day,
): readonly Hit<Fault>[] {
  const merges = changes.filter(
    ({ body }) => body.merged_ts !== undefined || body.merged_by !== undefined,
  );
  const [merge] = merges;
  const all = [...new Set([...changes, ...traces])];
  const told = (holds: (body: Change["body"]) => boolean): boolean =>
    changes.some(({ body }) => holds(body));
  if (merge === undefined || !told((body) => body.protected === true)) return [];
  if (!all.some(hasAgent)) return [];
  const faults: readonly (Fault | undefined)[] = [
    reviewFault(changes, all, day),
    // What one observer saw fail is not taken back by another that did not look.
    told((body) => body.checks_passed === false) ? "checks" : undefined,
    told((body) => body.rewritten === true) ? "rewritten" : undefined,
  ];
  return faults.flatMap((fault) =>
    fault === undefined
      ? []
      : [
          {
            case: fault,
            at: timeOf(merge),
            about: name,
            refs: changes.map(({ id }) => id),
            ...(fault === "unsaid" ? { inferred: true as const } : {}),
          },
        ],
  );
}

function hasAgent({ body }: Change): boolean {
  return (
    body.agents !== undefined ||
    body.trailer_sessions !== undefined ||
    body.trace_sessions !== undefined ||
    body.author_kind === "agent" ||
    body.committer_kind === "agent"
  );
}

function reviewFault(
  changes: readonly Change[],
  all: readonly Change[],
  day: Day,
): "unreviewed" | "self" | "unsaid" | undefined {
  const lists = changes.flatMap((change) =>
    change.body.reviewers === undefined || day.isContested(change.id)
      ? []
      : [change.body.reviewers],
  );
  if (lists.length === 0) return "unsaid";
  const reviewers = lists.flat();
  if (reviewers.length === 0) return "unreviewed";
  const principals = principalsOf(all, day);
  return reviewers.every((one) => principals.has(one)) ? "self" : undefined;
}

/** Whom the sessions that the commit names work for: the holders of the keys they were told under. */
function principalsOf(changes: readonly Change[], day: Day): ReadonlySet<string> {
  const sessions = new Set(
    changes.flatMap(({ body }) => [
      ...(body.trailer_sessions ?? []),
      ...(body.trace_sessions ?? []),
    ]),
  );
  const own = day
    .of("session")
    .filter(
      ({ session, src }) =>
        session !== undefined && sessions.has(session) && src.auth.kind === "agent",
    );
  return new Set(own.flatMap(({ actor }) => actor?.id ?? []));
}
