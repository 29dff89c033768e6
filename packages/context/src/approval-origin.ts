import {
  type ApprovalOrigin,
  type LedgerRecord,
  millisOf,
  type OriginState,
  type PlacedRecord,
  shiftMillis,
} from "@custody/model";
import { isYes } from "./approval-standing.ts";
import { groupBy } from "./group-by.ts";
import { contextLimits } from "./limits.ts";
import { atOf, compareText, distinctById, isOf } from "./record-order.ts";

type Approval = LedgerRecord<"approval">;

export interface Origin {
  readonly origin: ApprovalOrigin | null;
  readonly origin_state: OriginState | null;
}

const none: Origin = { origin: null, origin_state: null };

/**
 * The record that first gave a yes for more than once (compliance 1.3): the one that has the grant's id, else the earliest yes of a person for the
 * same tool and scope, in the session or, of a scope beyond it, of the same principal. `missing` where nothing heard gave it: a rule of a settings
 * file may have, and no source shows it.
 */
export function originOf(
  yes: Approval,
  tool: string | undefined,
  grants: readonly PlacedRecord[],
): Origin {
  const { scope, verdict, grant } = yes.body;
  if (scope === "once" || !isYes(verdict)) return none;
  const given = [...grants, { ledger: "", leaf: 0, sha: "", record: yes }];
  const earlier = distinctById(given)
    .flatMap(({ record }) => (isOf(record, "approval") ? [record] : []))
    .filter((one) => isYes(one.body.verdict) && one.body.scope !== "once" && isNoLater(one, yes))
    .toSorted(earliestFirst);
  // Whatever names a grant rests on that grant, and only a person gives one.
  const found = earlier.find((one) => {
    if (one.body.by !== "human") return false;
    return grant === undefined ? covers(one, yes, tool) : one.body.grant === grant;
  });
  if (found === undefined) return { origin: null, origin_state: "missing" };
  const state = found.id === yes.id ? "own" : grant === undefined ? "earliest" : "granted";
  return {
    origin_state: state,
    origin: {
      record: found.id,
      at: found.body.decided_at ?? found.ts,
      by: found.body.by,
      approver: found.body.approver ?? null,
      grade: found.grade,
    },
  };
}

function isNoLater(one: Approval, yes: Approval): boolean {
  return one.id === yes.id || saidAt(one) <= shiftMillis(saidAt(yes), contextLimits.joinSkewMs);
}

function covers(one: Approval, yes: Approval, tool: string | undefined): boolean {
  if (one.id === yes.id) return true;
  if (one.body.scope !== yes.body.scope) return false;
  const [given, used] = [one.body.tool, yes.body.tool ?? tool];
  // A missing tool equals no other.
  if (given === undefined || given !== used) return false;
  if (one.session !== undefined && one.session === yes.session) return true;
  const isBeyond = yes.body.scope === "location" || yes.body.scope === "standing";
  return isBeyond && one.actor !== undefined && one.actor.id === yes.actor?.id;
}

function saidAt(one: Approval): string {
  return one.body.decided_at ?? one.ts;
}

function earliestFirst(left: Approval, right: Approval): number {
  return compareText(saidAt(left), saidAt(right)) || compareText(left.id, right.id);
}

/** What posture counts of the yeses for more than once. */
export interface StandingGrants {
  /** Distinct grants: an id that is told, else what one origin gave; each use without an origin counts under its session, tool and scope. */
  readonly grants: number;
  /** Of them, given longer ago than the limit and still used or still running. */
  readonly stale: number;
  /** Of them, those that nothing heard gave. */
  readonly without_origin: number;
  readonly expired: number;
}

/** A standing yes is looked at again after so long (compliance 8.4). */
export const standingAgeMsMax = 2_592_000_000;

/** Counts grants at a moment. `tools` says the tool of calls whose approvals name none. */
export function standingGrants(
  records: readonly PlacedRecord[],
  at: string,
  ageMsMax: number = standingAgeMsMax,
): StandingGrants {
  const yeses = distinctById(records)
    .flatMap(({ record }) => (isOf(record, "approval") ? [record] : []))
    .filter(({ body }) => body.scope !== "once" && isYes(body.verdict));
  const traced = yeses.map((yes) => ({ yes, ...originOf(yes, undefined, records) }));
  const groups = groupBy(traced, ({ yes, origin }) =>
    JSON.stringify(
      origin === null
        ? ["", yes.session ?? yes.id, yes.body.tool ?? "", yes.body.scope]
        : [origin.record],
    ),
  );
  const each = [...groups.values()].map((uses) => {
    const ends = uses.flatMap(({ yes }) => yes.body.expires ?? []).sort(compareText);
    const first = uses.map(({ yes, origin }) => origin?.at ?? atOf(yes)).sort(compareText)[0];
    const last = ends.at(-1);
    const isOver = last !== undefined && last < at;
    const age = first === undefined ? 0 : millisOf(at) - millisOf(first);
    return { isOver, isStale: !isOver && age > ageMsMax, isTraced: uses[0]?.origin != null };
  });
  return {
    grants: each.length,
    stale: each.filter(({ isStale }) => isStale).length,
    without_origin: each.filter(({ isTraced }) => !isTraced).length,
    expired: each.filter(({ isOver }) => isOver).length,
  };
}
