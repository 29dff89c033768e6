import type { LedgerRecord, PlacedRecord } from "@custody/model";
import { consideredBy } from "./considered-calls.ts";
import { groupBy } from "./group-by.ts";
import { type LinkFact, undecided } from "./link-fact.ts";
import { placementBy } from "./placement.ts";
import { compareText, distinctById, isOf } from "./record-order.ts";
import {
  type ChosenCall,
  chosenCalls,
  latestChoice,
  outerKey,
  type SpanCall,
  spanCalls,
  type Told,
} from "./span-calls.ts";

/**
 * Ties calls that only their span names to their names: to what another record of that span says, else to the calls that the model chose under
 * ids: the same credential, session and tool, the same arguments by their keyed digest, the choice first, in order and one to one. Where a
 * side withholds its arguments the tool alone ties them, and only where one choice is left. Pure and order-free: what a conclusion is drawn from only grows, and where more of it leaves no answer, an earlier
 * link is taken back.
 */
export function joinCalls(input: {
  readonly session: string;
  /** Records of the session and links to it. */
  readonly records: readonly PlacedRecord[];
}): readonly LinkFact[] {
  const { session, records } = input;
  const placement = placementBy(records);
  const own = distinctById(records).filter(
    ({ record }) => !isOf(record, "link") && placement.of(record).session === session,
  );
  const chosen = groupBy(chosenCalls(own), sideKey);
  const matched = [...groupBy(spanCalls(own), sideKey)].flatMap(([key, calls]) =>
    joinTool(calls, chosen.get(key) ?? []),
  );
  const restsOn = consideredBy(session, records);
  const byCall = new Map(matched.map((one) => [outerKey(one.call, one.call.call), one]));
  return [
    ...matched.flatMap((one) => linkFacts(session, one, byCall, restsOn(one.call))),
    ...[...groupBy(matched, ({ call }) => call.call).values()].flatMap((several) =>
      disputedFacts(session, several, restsOn),
    ),
  ];
}

function sideKey({ teller, tool }: Told): string {
  return JSON.stringify([teller, tool]);
}

interface Match {
  readonly call: string;
  readonly method: "span" | "arguments" | "tool";
  readonly confidence: "high" | "medium" | "low";
}

/** What became of one span call. */
interface Matched {
  readonly call: SpanCall;
  readonly match: Match | undefined;
}

function joinTool(calls: readonly SpanCall[], chosen: readonly ChosenCall[]): readonly Matched[] {
  // A choice that was carried out under its own id needs no span.
  const free = new Set(chosen.filter(({ shown }) => shown.length === 0));
  return calls.map((call) => {
    const latest = latestChoice(call.from);
    const earlier = [...free].filter(({ first }) => first <= latest);
    const match = call.accounts.length > 0 ? accountOf(call) : choiceOf(call, earlier);
    for (const one of chosen) if (one.call === match?.call && one.first <= latest) free.delete(one);
    return { call, match };
  });
}

/** A request inside the span of a tool that nothing names either is of whatever call that span turned out to be. */
function linkFacts(
  session: string,
  { call, match }: Matched,
  byCall: ReadonlyMap<string, Matched>,
  considered: readonly string[],
): readonly LinkFact[] {
  const outer = match && byCall.get(outerKey(call, match.call));
  const named =
    match === undefined || outer?.match === undefined
      ? match
      : { ...match, call: outer.match.call };
  return call.records.map((record) => linkFact(session, call, record, named, considered));
}

/** Before its second teller was heard, a call may have had what observers and people say of it. */
function disputedFacts(
  session: string,
  several: readonly Matched[],
  restsOn: (call: SpanCall) => readonly string[],
): readonly LinkFact[] {
  const [first] = several;
  if (first === undefined || first.call.disputed.length === 0) return [];
  const named = several.flatMap(({ call }) => call.records.map(({ id }) => id));
  const all = [...new Set([...named, ...several.flatMap(({ call }) => restsOn(call))])];
  const considered = all.sort(compareText);
  return first.call.disputed.map((record) =>
    linkFact(session, first.call, record, undefined, considered),
  );
}

/** What the span's own account names; two names are none. */
function accountOf({ accounts }: SpanCall): Match | undefined {
  const [name, ...others] = accounts;
  return name === undefined || others.length > 0
    ? undefined
    : { call: name, method: "span", confidence: "high" };
}

function choiceOf({ digest }: SpanCall, free: readonly ChosenCall[]): Match | undefined {
  const equal = free.filter((one) => digest !== undefined && one.digest === digest);
  const [first] = equal;
  if (first !== undefined) {
    return {
      call: first.call,
      method: "arguments",
      confidence: equal.length === 1 ? "high" : "medium",
    };
  }
  const [only, ...others] = free.filter((one) => digest === undefined || one.digest === undefined);
  return only !== undefined && others.length === 0
    ? { call: only.call, method: "tool", confidence: "low" }
    : undefined;
}

function linkFact(
  session: string,
  { call }: SpanCall,
  { id, ts, trace }: LedgerRecord,
  match: Match | undefined,
  considered: readonly string[],
): LinkFact {
  const name = match?.call ?? call;
  const method = match?.method ?? undecided;
  return {
    class: "link",
    key: ["span_call", id, session, name, method, ...considered],
    ts,
    session,
    call: name,
    ...(trace === undefined ? {} : { trace }),
    body: {
      kind: "span_call",
      record: id,
      method,
      confidence: match?.confidence ?? "low",
      basis: considered.length,
    },
  };
}
