import { type LedgerRecord, millisOf, type PlacedRecord } from "@custody/model";
import { executionOf, isYes } from "./approval-standing.ts";
import { countedNames } from "./counted-names.ts";
import { groupBy } from "./group-by.ts";
import { contextLimits } from "./limits.ts";
import { type LinkFact, undecided } from "./link-fact.ts";
import { type Placement, placementBy } from "./placement.ts";
import { atOf, compareText, distinctById, isOf, ofClass } from "./record-order.ts";

type Approval = LedgerRecord<"approval">;

/** How a verdict came to a call that it does not name. */
export const approvalMethods = {
  /** The one execution that a verdict for one time is bound to: the first of this action from then on. */
  digest: "action_digest",
  /** An execution of this action under a yes for more than one. */
  standing: "standing_digest",
  /** A further execution of this action: its yes was for one, and is used. */
  replay: "replay",
} as const;

/**
 * Ties an authority's verdicts that name an action by its digest to the calls that carried it out, whichever was heard first. Pure and order-free:
 * a link's basis is the number of records it was concluded from, which only grows; where more of them leave a call without the verdict, a link
 * takes the earlier one back. An agent's own verdicts name their calls, and a digest that an agent gives is not looked at.
 */
export function joinApprovals(input: {
  /** Records of the classes `approval`, `tool_call` and `link`: of one digest, or of several. */
  readonly records: readonly PlacedRecord[];
}): readonly LinkFact[] {
  const links = ofClass(input.records, "link").filter(({ src }) => src.auth.kind === "internal");
  const known = groupBy(
    links.filter(({ body }) => body.kind === "approval_call"),
    ({ body }) => body.record,
  );
  const byDigest = executionsByDigest(input.records);
  const none: Executions = { runs: [], considered: [] };
  return ofClass(distinctById(input.records), "approval")
    .filter(namesByDigest)
    .flatMap((approval) => {
      const { action_digest: digest = "" } = approval.body;
      const { runs, considered } = byDigest.get(digest) ?? none;
      const own = runs.filter((run) => mayBeOf(approval, run));
      return joinApproval(approval, { runs: own, considered }, known.get(approval.id) ?? []);
    });
}

/** True of a verdict that is not of the call it names alone. */
export function namesByDigest({ src, call, body }: Approval): boolean {
  return (
    src.auth.kind === "authority" &&
    body.action_digest !== undefined &&
    body.verdict !== "ask" &&
    (call === undefined || body.scope !== "once")
  );
}

interface Run {
  readonly session: string;
  readonly call: string;
  readonly began: string;
  /** Of its first record. */
  readonly ts: string;
}

/** The executions of one action, whatever others are looked at beside it. */
interface Executions {
  readonly runs: readonly Run[];
  /** Every record of the action: a run may leave a call, or its session, as more is known. */
  readonly considered: readonly string[];
}

function executionsByDigest(records: readonly PlacedRecord[]): ReadonlyMap<string, Executions> {
  const placement = placementBy(records);
  const namesOf = countedNames(
    records,
    records.filter(({ record }) => isOf(record, "link") && record.body.kind !== "approval_call"),
  );
  const actions = groupBy(distinctById(records), ({ record }) =>
    isOf(record, "tool_call") ? record.body.action_digest : undefined,
  );
  return new Map(
    [...actions].map(([digest, calls]) => [
      digest,
      {
        runs: runsOf(calls, placement),
        considered: calls.flatMap(({ record }) => namesOf(record.id)),
      },
    ]),
  );
}

function runsOf(calls: readonly PlacedRecord[], placement: Placement): readonly Run[] {
  const groups = groupBy(calls, ({ record }) => {
    const { session, call } = placement.of(record);
    return session === undefined || call === undefined
      ? undefined
      : JSON.stringify([session, call]);
  });
  return [...groups].flatMap(([key, group]) => {
    const [session, call] = JSON.parse(key) as [string, string];
    const { began } = executionOf(group, [], false);
    if (began === undefined) return [];
    const [ts = began] = group.map(({ record }) => record.ts).sort(compareText);
    return [{ session, call, began, ts }];
  });
}

function mayBeOf({ session, call }: Approval, run: Run): boolean {
  if (session !== undefined && session !== run.session) return false;
  return !(call === run.call && session === run.session);
}

interface Bound {
  readonly run: Run;
  readonly method: string;
  readonly confidence: "high" | "medium";
}

function joinApproval(
  approval: Approval,
  { runs, considered: ids }: Executions,
  known: readonly LedgerRecord<"link">[],
): readonly LinkFact[] {
  const sorted = runs
    .toSorted(
      (left, right) =>
        compareText(left.began, right.began) ||
        compareText(left.session, right.session) ||
        compareText(left.call, right.call),
    )
    .slice(0, contextLimits.runsOfApprovalMax);
  const considered = [...new Set([approval.id, ...ids])].toSorted(compareText);
  // A link is not listed before what it links.
  const said = atOf(approval);
  const linkOf = (
    { session, call, ts }: Pick<Run, "session" | "call" | "ts">,
    method: string,
    confidence: "high" | "medium" | "low",
  ): LinkFact => ({
    class: "link",
    key: ["approval_call", approval.id, session, call, method, ...considered],
    ts: ts > said ? ts : said,
    session,
    call,
    body: {
      kind: "approval_call",
      record: approval.id,
      method,
      confidence,
      basis: considered.length,
    },
  });
  const bound = boundTo(approval, sorted);
  const held = new Set(bound.map(({ run }) => JSON.stringify([run.session, run.call])));
  const lost = known.flatMap(({ session = "", call = "", ts }) => {
    const key = JSON.stringify([session, call]);
    if (held.has(key)) return [];
    held.add(key);
    return [linkOf({ session, call, ts }, undecided, "low")];
  });
  return [...bound.map(({ run, method, confidence }) => linkOf(run, method, confidence)), ...lost];
}

/** The calls that a verdict is shown on. Runs come in order. */
function boundTo(approval: Approval, runs: readonly Run[]): readonly Bound[] {
  const { scope, verdict, decided_at: decidedAt } = approval.body;
  const decided = decidedAt ?? approval.ts;
  const after = runs.filter(({ began }) => began >= decided);
  if (scope !== "once") {
    return after.map((run) => ({ run, method: approvalMethods.standing, confidence: "high" }));
  }
  const [first, ...rest] = after;
  if (first === undefined) return tooLateFor(decided, runs);
  const one: Bound = { run: first, method: approvalMethods.digest, confidence: "high" };
  if (!isYes(verdict)) return [one];
  return [
    one,
    ...rest.map((run): Bound => ({ run, method: approvalMethods.replay, confidence: "high" })),
  ];
}

/** Nothing ran from then on: the execution just before is what it was said of, too late. */
function tooLateFor(decided: string, runs: readonly Run[]): readonly Bound[] {
  const last = runs.at(-1);
  const isNear =
    last !== undefined &&
    millisOf(decided) - millisOf(last.began) <= contextLimits.approvalAfterRunMsMax;
  return isNear ? [{ run: last, method: approvalMethods.digest, confidence: "medium" }] : [];
}
