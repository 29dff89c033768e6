import {
  type ApprovalCode,
  type LedgerRecord,
  limits,
  millisOf,
  type PlacedRecord,
  timeFromText,
} from "@custody/model";
import type { ApproverFacts } from "./approver-strength.ts";
import { contextLimits } from "./limits.ts";
import type { ApprovalDocument, Tier } from "./policy-shape.ts";
import { isAgentsOwn } from "./principal.ts";
import { compareText, ofClass, primaryOf } from "./record-order.ts";

type Approval = LedgerRecord<"approval">;

/** What is known of the one execution that a yes is held against. Members are absent where nothing says them. */
export interface Execution {
  readonly began?: string;
  /** When its first record was heard, of whichever source. */
  readonly heard?: string;
  /** When an agent told what came of it, by the record that its source counts. */
  readonly told?: string;
  readonly digests: readonly string[];
  /** Nothing of the session is older: who dates a yes for it earlier cannot have known it. */
  readonly sessionBegan?: string;
  readonly contested: boolean;
  /** More results that count than yeses for one time. */
  readonly repeated: boolean;
}

/** The same facts as the control over approvals takes from the records (`AT-APR-01`). */
export function executionOf(
  records: readonly PlacedRecord[],
  sessionLevel: readonly PlacedRecord[],
  contested: boolean,
): Execution {
  const calls = ofClass(records, "tool_call");
  const shown = calls.filter(showsExecution);
  const results = shown.filter(({ body }) => body.event === "result");
  const counted = primaryOf(results);
  const begins = (of: typeof calls): string | undefined => earliest(of.flatMap(startsOf));
  const began =
    begins(shown.filter(({ body }) => body.primary)) ??
    begins(shown) ??
    earliest(counted.map(({ ts }) => ts));
  const heard = earliest((shown.length > 0 ? shown : calls).map(({ rx }) => rx));
  const told = earliest(primaryOf(results.filter(isAgentsOwn)).map(({ rx }) => rx));
  const sessionBegan = earliest(
    ofClass(sessionLevel, "session")
      .filter(({ body }) => body.event === "start")
      .map(({ ts }) => ts),
  );
  const once = ofClass(records, "approval").filter(
    ({ body }) => body.scope === "once" && isYes(body.verdict),
  );
  const runs = new Set(
    counted.filter(({ body }) => body.status === "executed" && body.primary).map(({ id }) => id),
  );
  const yeses = new Set(primaryOf(once).map(({ id }) => id));
  return {
    ...(began === undefined ? {} : { began }),
    ...(heard === undefined ? {} : { heard }),
    ...(told === undefined ? {} : { told }),
    ...(sessionBegan === undefined ? {} : { sessionBegan }),
    digests: [...new Set(calls.flatMap(({ body }) => body.action_digest ?? []))],
    contested,
    repeated: yeses.size > 0 && runs.size > yeses.size,
  };
}

export function isYes(verdict: Approval["body"]["verdict"]): boolean {
  return verdict === "allow" || verdict === "modified";
}

function showsExecution({ body }: LedgerRecord<"tool_call">): boolean {
  return body.exec_start !== undefined || ["executed", "error", "timeout"].includes(body.status);
}

/** Where a source counts the wait for a yes in, the end of the record: a span's time is its start (model, `wait_included`). */
function startsOf({ ts, end, body }: LedgerRecord<"tool_call">): readonly string[] {
  if (body.exec_start === undefined) return [];
  return [body.wait_included === true ? (end ?? ts) : (timeFromText(body.exec_start) ?? ts)];
}

function earliest(times: readonly string[]): string | undefined {
  return [...times].sort(compareText)[0];
}

/** Codes that take a yes away whatever a policy says. */
const fatal: ReadonlySet<ApprovalCode> = new Set([
  "replayed",
  "mutated",
  "expired",
  "late",
  "backdated",
  "heard_after_execution",
  "contested",
  "outside_role",
  "not_accepted",
]);

type Requirement = ApprovalDocument["requirements"][number];

export interface StandingFacts {
  readonly execution: Execution;
  readonly tier: Tier;
  /** Of every approval policy in force, what it requires of this tier. */
  readonly requirements: readonly Requirement[];
  readonly approver: ApproverFacts;
  /** A yes for one time that another execution has used: this is a further one. */
  readonly replayed: boolean;
  /** It names this call itself. */
  readonly named: boolean;
  /** Its own id holds two claims. */
  readonly conflicting: boolean;
}

/** Whether a yes stands for this execution, and everything that is to be known of it. */
export function standingOf(
  yes: Approval,
  facts: StandingFacts,
): { readonly valid: boolean; readonly why: readonly ApprovalCode[] } {
  const why = checks.flatMap(([code, holds]) => (holds(yes, facts) ? [code] : []));
  const asksForTwo = facts.requirements.some(({ four_eyes: four }) => four === true);
  const takes = (code: ApprovalCode): boolean =>
    fatal.has(code) || (asksForTwo && (code === "self_approved" || code === "unnamed"));
  return { valid: !why.some(takes), why };
}

type Check = (yes: Approval, facts: StandingFacts) => boolean;

const { joinSkewMs: skewMs } = contextLimits;

const checks: readonly (readonly [ApprovalCode, Check])[] = [
  [
    "replayed",
    (yes, { replayed, execution }) => replayed || (execution.repeated && yes.body.scope === "once"),
  ],
  [
    "mutated",
    ({ body }, { execution: { digests } }) =>
      body.action_digest !== undefined &&
      digests.length > 0 &&
      digests.some((digest) => digest !== body.action_digest),
  ],
  // An end that cannot be read has passed.
  [
    "expired",
    ({ body }, { execution: { began } }) =>
      body.expires !== undefined &&
      began !== undefined &&
      saidMillis(body.expires, 0) + skewMs < millisOf(began),
  ],
  [
    "late",
    (yes, { execution: { began } }) =>
      began !== undefined && decidedMillis(yes) > millisOf(began) + skewMs,
  ],
  ["backdated", isBackdated],
  [
    "heard_after_execution",
    (yes, { execution: { told } }) => isAgentsOwn(yes) && told !== undefined && yes.rx > told,
  ],
  [
    "contested",
    (yes, { execution, conflicting }) => conflicting || (execution.contested && isAgentsOwn(yes)),
  ],
  ["self_approved", (_, { approver }) => approver.fourEyes === false],
  ["model_approver", ({ body }) => body.by === "auto_reviewer"],
  [
    "unnamed",
    ({ body }, { approver }) =>
      (body.by === "human" || body.by === "unknown") &&
      (approver.strength === "unnamed_human" || approver.strength === "none"),
  ],
  ["outside_role", (_, { approver }) => approver.inRole === false],
  [
    "not_accepted",
    ({ body }, { requirements }) =>
      requirements.some(({ by, scopes }) => !by.includes(body.by) || !scopes.includes(body.scope)),
  ],
];

/** Heard too late to have been said before (design 4), or dated before there was a session to say it in. */
function isBackdated(
  yes: Approval,
  { named, execution: { heard, sessionBegan } }: StandingFacts,
): boolean {
  const { approvalLatenessMsMax } = limits;
  if (heard !== undefined && millisOf(yes.rx) > millisOf(heard) + approvalLatenessMsMax)
    return true;
  return (
    named && sessionBegan !== undefined && decidedMillis(yes) + skewMs < millisOf(sessionBegan)
  );
}

function decidedMillis({ ts, body }: Approval): number {
  return saidMillis(body.decided_at, millisOf(ts));
}

/** A time that a source put into a body is its text, and may be none. */
function saidMillis(text: string | undefined, otherwise: number): number {
  const time = timeFromText(text ?? "");
  return time === undefined ? otherwise : millisOf(time);
}
