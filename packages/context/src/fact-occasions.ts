import type {
  ExplainedFact,
  FactState,
  LedgerRecord,
  PlacedRecord,
  SourceFact,
} from "@custody/model";
import { type ActionStatus, callOutcome } from "./call-status.ts";
import { bestState } from "./fact-state.ts";
import { isAgentsOwn, principalOf } from "./principal.ts";
import { isOf, ofClass } from "./record-order.ts";
import { isSpanCall } from "./stand-in.ts";

/** One occasion for a fact. */
export interface Occasion {
  /** What was said of it; undefined where there was something to tell and nobody spoke. */
  readonly state: FactState | undefined;
  /** The records of it: their sources are the ones that would have told it. */
  readonly by: readonly PlacedRecord[];
}

/** The records of one session, one per id, and those of each of its calls. */
export interface Heard {
  readonly placed: readonly PlacedRecord[];
  readonly calls: ReadonlyMap<string, readonly PlacedRecord[]>;
}

export interface FactRow {
  readonly fact: ExplainedFact;
  /** Its column in a source's profile. */
  readonly column: SourceFact;
  occasions(heard: Heard): readonly Occasion[];
}

type Group = readonly PlacedRecord[];

/** What counts as an occasion for each fact, and what as telling it. */
export const factRows: readonly FactRow[] = [
  { fact: "session", column: "session", occasions: ({ placed }) => [once(placed, namesSession)] },
  { fact: "turn", column: "turn", occasions: turns },
  { fact: "prompt", column: "prompt", occasions: prompts },
  // What was concluded from absence was not told.
  { fact: "decision", column: "decision", occasions: perCall(isCall, told("decision")) },
  { fact: "approvals", column: "approval", occasions: perCall(isDecidedOn, approvalTold) },
  { fact: "tool_call", column: "tool_call", occasions: madeCalls },
  { fact: "arguments", column: "arguments", occasions: perCall(isCall, argumentsState) },
  { fact: "results", column: "result", occasions: perCall(hasResult, resultState) },
  { fact: "exit_code", column: "exit_code", occasions: perCall(isCommand, exitCodeTold) },
  { fact: "sandbox", column: "sandbox", occasions: ({ placed }) => [once(placed, namesSandbox)] },
  { fact: "egress", column: "egress", occasions: flows },
  { fact: "tokens", column: "tokens", occasions: answers },
  {
    fact: "identity",
    column: "identity",
    occasions: ({ placed }) => [once(placed, namesSomebody)],
  },
];

function perCall(
  due: (group: Group) => boolean,
  state: (group: Group) => FactState | undefined,
): FactRow["occasions"] {
  return ({ calls }) =>
    [...calls.values()].filter(due).map((group) => ({ state: state(group), by: group }));
}

function once(placed: Group, is: (placed: Group) => boolean): Occasion {
  return { state: is(placed) ? "reported" : undefined, by: placed };
}

function isCall(group: Group): boolean {
  return group.some(({ record }) => record.class === "tool_call" || record.class === "decision");
}

/**
 * A call that was refused before anybody took it up never became one. While a span stands in for the id of a call, the choice that it carries out
 * is still waiting to be tied to it.
 */
function madeCalls(heard: Heard): readonly Occasion[] {
  const refused: readonly ActionStatus[] = ["denied", "blocked", "timeout"];
  const isTied = ![...heard.calls.keys()].some(isSpanCall);
  const isMade = (group: Group): boolean =>
    ofClass(group, "tool_call").length > 0 ||
    (isTied && isCall(group) && !refused.includes(callOutcome(group).status));
  return perCall(isMade, told("tool_call"))(heard);
}

function told(name: "decision" | "tool_call"): (group: Group) => FactState | undefined {
  return (group) =>
    group.some(({ record }) => record.class === name && record.grade !== "inferred")
      ? "reported"
      : undefined;
}

/** The arguments of one call are told if any of its records tells them. */
export function argumentsState(group: Group): FactState {
  return bestState(
    [...ofClass(group, "decision"), ...ofClass(group, "tool_call")].map(
      ({ body }) => body.arguments_state,
    ),
  );
}

function ran(group: Group): boolean {
  return callOutcome(group).status === "executed";
}

/** A call that was refused or never ended has no result to tell. */
function hasResult(group: Group): boolean {
  return isCall(group) && (ran(group) || ofClass(group, "observation").length > 0);
}

function resultState(group: Group): FactState | undefined {
  const states = ofClass(group, "observation").map(({ body }) => body.state);
  return states.length === 0 ? undefined : bestState(states);
}

function isOfKind(group: Group, kinds: readonly string[]): boolean {
  return ofClass(group, "tool_call").some(({ body }) => kinds.includes(body.kind));
}

/**
 * A verdict was given, or must have been: a command or an edit that ran was allowed by something. Sub-agents and other tools run unasked, and
 * why a call did not run is not always a verdict.
 */
function isDecidedOn(group: Group): boolean {
  return ofClass(group, "approval").length > 0 || (ran(group) && isOfKind(group, ["exec", "fs"]));
}

function approvalTold(group: Group): FactState | undefined {
  const approvals = ofClass(group, "approval");
  if (approvals.some(({ grade }) => grade !== "inferred")) return "reported";
  return approvals.length > 0 ? "unknown" : undefined;
}

function isCommand(group: Group): boolean {
  return ran(group) && isOfKind(group, ["exec"]);
}

function exitCodeTold(group: Group): FactState | undefined {
  return ofClass(group, "tool_call").some(({ body }) => body.exit_code !== undefined)
    ? "reported"
    : undefined;
}

/** A trace that stands in for a conversation nobody named is no session told. */
function namesSession(placed: Group): boolean {
  return placed.some(
    ({ record }) =>
      isAgentsOwn(record) &&
      record.session !== undefined &&
      record.attrs?.["session.source"] !== "trace",
  );
}

/** Turns that somebody named, by their starts where those are told; where nobody did, the conversation as a whole is the occasion. */
function turns({ placed }: Heard): readonly Occasion[] {
  const starts = byTurn(placed.filter(isStart));
  const named = [...(starts.size > 0 ? starts : byTurn(placed)).values()];
  if (named.length > 0) return named.map((by) => ({ state: "reported", by }));
  const talked = placed.filter(({ record }) => talk.has(record.class));
  // Without a name for any, what was a turn and what was none nobody can say.
  const state = talked.some(({ record }) => record.turn !== undefined) ? "reported" : "unknown";
  return talked.length === 0 ? [] : [{ state, by: talked }];
}

const talk: ReadonlySet<string> = new Set(["inference", "tool_call", "decision"]);

/** A turn starts with a prompt; several records may tell the same start. */
function prompts({ placed }: Heard): readonly Occasion[] {
  return [...byTurn(placed.filter(isStart)).values()].map((by) => ({
    state: bestState(ofClass(by, "turn").map(({ body }) => body.prompt_state)),
    by,
  }));
}

function isStart({ record }: PlacedRecord): boolean {
  return isOf(record, "turn") && record.body.event === "start";
}

function byTurn(placed: Group): ReadonlyMap<string, Group> {
  const groups = new Map<string, PlacedRecord[]>();
  for (const one of placed) {
    if (one.record.class !== "turn") continue;
    const key = one.record.turn ?? one.record.id;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return groups;
}

function namesSandbox(placed: Group): boolean {
  return (
    ofClass(placed, "sandbox").length > 0 ||
    ofClass(placed, "session").some(({ body }) => body.sandbox_mode !== undefined)
  );
}

/** How many connections there were to tell of, nobody knows who saw none. */
function flows({ placed }: Heard): readonly Occasion[] {
  return placed
    .filter(({ record }) => record.class === "egress")
    .map((one) => ({ state: "reported", by: [one] }));
}

/** Answers of the model that count: those that failed used nothing that anybody would tell. */
function answers({ placed }: Heard): readonly Occasion[] {
  return placed.flatMap((one) => {
    const { record } = one;
    if (!isOf(record, "inference") || !isAnswer(record)) return [];
    const { input_tokens: input, output_tokens: output } = record.body;
    const state = input === undefined && output === undefined ? undefined : "reported";
    return [{ state, by: [one] } as const];
  });
}

function isAnswer({ body }: LedgerRecord<"inference">): boolean {
  return body.primary && body.status === "ok";
}

/** The holder of the key, or a person whom the source named: that stays a claim, but it was told. */
function namesSomebody(placed: Group): boolean {
  return (
    principalOf(placed) !== null ||
    placed.some(({ record: { attrs = {} } }) =>
      Object.keys(attrs).some(
        (name) => name.startsWith("claimed.") && attrs[name]?.startsWith("usr_"),
      ),
    )
  );
}
