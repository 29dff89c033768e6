import {
  findingStates,
  type LedgerRecord,
  type PlacedRecord,
  type SessionCounts,
  type SessionView,
  stands,
} from "@custody/model";
import { callOutcome } from "./call-status.ts";
import { type FlowMatch, matchOfPlaced, mustBeExplained } from "./egress-match.ts";
import type { Placement } from "./placement.ts";
import { egressInForce } from "./policies-in-force.ts";
import { atOf, distinctById, ofClass, primaryOf } from "./record-order.ts";
import { onceEach } from "./told-twice.ts";

/** Whether calls explain what left is a matter of links and policies as well. */
type Unexplained = Pick<SessionCounts, "egress_unexplained" | "egress_weak">;

/**
 * Counts of items, not of leaves (design 4): decisions, calls and observations by call, approvals by (call, verdict, by).
 * `placed` are the session's records, one per id.
 */
export function sessionCounts(
  placed: readonly PlacedRecord[],
  calls: ReadonlyMap<string, readonly PlacedRecord[]>,
): Omit<SessionCounts, keyof Unexplained | "commits"> {
  const withClass = (name: "decision" | "tool_call" | "observation"): number =>
    [...calls.values()].filter((group) => group.some(({ record }) => record.class === name)).length;
  const statuses = [...calls.values()].map((group) => callOutcome(group).status);
  const egress = ofClass(placed, "egress");
  return {
    turns: countTurns(placed),
    inferences: countedInferences(placed).length,
    decisions: withClass("decision"),
    approvals: [...calls.values()].reduce((sum, group) => sum + countApprovals(group), 0),
    tool_calls: withClass("tool_call"),
    denied: statuses.filter((status) => status === "denied").length,
    blocked: statuses.filter((status) => status === "blocked").length,
    observations: withClass("observation"),
    egress_allowed: countFlows(egress, "allowed"),
    egress_denied: countFlows(egress, "denied"),
    findings: [...findingStates(placed).values()].filter(stands).length,
  };
}

/** Flows that an observer saw and that no call explains, or hardly, under the allow-list in force when each was seen. */
export function unexplainedCounts(
  placed: readonly PlacedRecord[],
  placement: Placement,
  policies: readonly PlacedRecord[],
): Unexplained {
  const matches = ofClass(placed, "egress")
    .filter(mustBeExplained)
    .map((flow) => matchOfPlaced(flow, placement, egressInForce(policies, atOf(flow))));
  const matched = (match: FlowMatch): number => matches.filter((one) => one === match).length;
  return { egress_unexplained: matched("none"), egress_weak: matched("weak") };
}

/**
 * Starts count: a turn begins with a user's prompt; a start with a turn id counts once. Only of a source of traces alone, which tells no
 * prompts, the turns it names count instead.
 */
function countTurns(placed: readonly PlacedRecord[]): number {
  const turns = ofClass(placed, "turn");
  const starts = turns.filter(({ body }) => body.event === "start");
  const counted = starts.length > 0 || hasPrimary(placed) ? starts : turns;
  return new Set(counted.map(({ id, turn }) => turn ?? id)).size;
}

function hasPrimary(placed: readonly PlacedRecord[]): boolean {
  return [...ofClass(placed, "inference"), ...ofClass(placed, "tool_call")].some(
    ({ body }) => body.primary,
  );
}

function countApprovals(group: readonly PlacedRecord[]): number {
  const counted = primaryOf(ofClass(group, "approval"));
  return new Set(counted.map(({ body }) => `${body.verdict} ${body.by}`)).size;
}

/** A flow that its own proxy and an observer both saw is one flow: per host, port and verdict the better informed source counts. */
function countFlows(
  egress: readonly LedgerRecord<"egress">[],
  action: "allowed" | "denied",
): number {
  const flows = new Map<string, { observed: number; reported: number }>();
  for (const { body, grade } of egress) {
    if (body.action !== action) continue;
    const key = JSON.stringify([body.host, body.port]);
    const seen = flows.get(key) ?? { observed: 0, reported: 0 };
    seen[grade === "observed" ? "observed" : "reported"]++;
    flows.set(key, seen);
  }
  let count = 0;
  for (const { observed, reported } of flows.values()) count += Math.max(observed, reported);
  return count;
}

/**
 * The inferences that count. A source of traces alone marks none as primary: there the ones with tokens count, requests that failed do not,
 * and a turn's total never counts beside its parts.
 */
export function countedInferences(
  placed: readonly PlacedRecord[],
): readonly LedgerRecord<"inference">[] {
  const all = ofClass(placed, "inference");
  const primary = onceEach(all.filter(({ body }) => body.primary));
  if (primary.length > 0) return primary;
  const told = all.filter(({ body }) => body.input_tokens !== undefined);
  const parts = told.filter(({ body }) => body.purpose !== "turn_total");
  return parts.length > 0 ? parts : told;
}

export interface SessionUsage {
  readonly tokens: SessionView["tokens"];
  readonly cost_usd: number | null;
}

export function sessionUsage(placed: readonly PlacedRecord[]): SessionUsage {
  const bodies = countedInferences(distinctById(placed)).map(({ body }) => body);
  const sum = (values: readonly (number | undefined)[]): number =>
    values.reduce<number>((total, value) => total + (value ?? 0), 0);
  const costs = bodies.map((body) => body.cost_usd_micros).filter((cost) => cost !== undefined);
  return {
    tokens: {
      input: sum(bodies.map((body) => body.input_tokens)),
      cached_input: sum(bodies.map((body) => body.cached_input_tokens)),
      output: sum(bodies.map((body) => body.output_tokens)),
      reasoning: sum(bodies.map((body) => body.reasoning_tokens)),
    },
    // No price is not a price of zero.
    cost_usd: costs.length === 0 ? null : sum(costs) / 1_000_000,
  };
}
