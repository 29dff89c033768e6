import type {
  Capability,
  FactState,
  FidelityFact,
  PlacedRecord,
  SessionView,
} from "@custody/model";
import { callOutcome } from "./call-status.ts";
import { bestState, worstState } from "./fact-state.ts";
import { principalOf } from "./principal.ts";
import { ofClass } from "./record-order.ts";

/**
 * How the session's sources treated each fact: told it, withheld it, should have told it and did not, or can never tell it.
 * What a source can say is on its session records (`can`); a fact without an occasion counts as told by a source that can tell it.
 */
export function fidelityOf(
  placed: readonly PlacedRecord[],
  calls: ReadonlyMap<string, readonly PlacedRecord[]>,
): SessionView["fidelity"] {
  const can = new Set(ofClass(placed, "session").flatMap(({ body }) => body.can ?? []));
  const occasions = (name: Capability, states: readonly FactState[], due: boolean): FactState => {
    const state = worstState(states);
    if (state !== "unknown") return state;
    if (!can.has(name)) return "unknown";
    return due ? "missing" : "reported";
  };
  const starts = ofClass(placed, "turn").filter(({ body }) => body.event === "start");
  const told = (is: boolean): readonly FactState[] => (is ? ["reported"] : []);
  const groups = [...calls.values()].filter(isCall);
  const facts: Record<FidelityFact, FactState> = {
    prompt: occasions(
      "prompt",
      starts.map(({ body }) => body.prompt_state),
      false,
    ),
    arguments: occasions("arguments", groups.map(argumentsState), groups.length > 0),
    results: occasions("results", groups.map(resultsState), groups.some(ran)),
    approvals: occasions("approvals", told(hasApproval(placed)), groups.some(needsVerdict)),
    sandbox: occasions("sandbox", told(namesSandbox(placed)), true),
    egress: occasions("egress", told(ofClass(placed, "egress").length > 0), false),
    identity: occasions("identity", told(namesSomebody(placed)), true),
  };
  return facts;
}

function isCall(group: readonly PlacedRecord[]): boolean {
  return group.some(({ record }) => record.class === "tool_call" || record.class === "decision");
}

/** The arguments of one call are told if any of its records tells them. */
export function argumentsState(group: readonly PlacedRecord[]): FactState {
  return bestState(
    [...ofClass(group, "decision"), ...ofClass(group, "tool_call")].map(
      ({ body }) => body.arguments_state,
    ),
  );
}

/** A call that was refused or never ended has no result to tell. */
function ran(group: readonly PlacedRecord[]): boolean {
  return callOutcome(group).status === "executed";
}

/** Agents decide on commands and edits; sub-agents and other tools run unasked. */
function needsVerdict(group: readonly PlacedRecord[]): boolean {
  return ofClass(group, "tool_call").some(({ body }) => body.kind === "exec" || body.kind === "fs");
}

function resultsState(group: readonly PlacedRecord[]): FactState {
  const observed = ofClass(group, "observation").map(({ body }) => body.state);
  return bestState(observed);
}

function hasApproval(placed: readonly PlacedRecord[]): boolean {
  return ofClass(placed, "approval").some(({ grade }) => grade !== "inferred");
}

function namesSandbox(placed: readonly PlacedRecord[]): boolean {
  return (
    ofClass(placed, "sandbox").length > 0 ||
    ofClass(placed, "session").some(({ body }) => body.sandbox_mode !== undefined)
  );
}

/** The holder of the key, or a person whom the source named: that stays a claim, but it was told. */
function namesSomebody(placed: readonly PlacedRecord[]): boolean {
  return (
    principalOf(placed) !== null ||
    placed.some(({ record: { attrs = {} } }) =>
      Object.keys(attrs).some(
        (name) => name.startsWith("claimed.") && attrs[name]?.startsWith("usr_"),
      ),
    )
  );
}
