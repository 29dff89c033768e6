import { type LedgerRecord, type PlacedRecord, shiftMillis } from "@custody/model";
import { groupBy } from "./group-by.ts";
import { contextLimits } from "./limits.ts";
import { type LinkFact, undecided } from "./link-fact.ts";
import { placementBy } from "./placement.ts";
import { compareText, distinctById, isOf } from "./record-order.ts";
import { type ChosenCall, chosenCalls, type SpanCall, spanCalls, type Told } from "./span-calls.ts";

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
  const placement = placementBy(input.records);
  const own = distinctById(input.records).filter(
    ({ record }) => !isOf(record, "link") && placement.of(record).session === input.session,
  );
  const chosen = groupBy(chosenCalls(own), sideKey);
  const joined = [...groupBy(spanCalls(own), sideKey)].flatMap(([key, calls]) =>
    joinTool(calls, chosen.get(key) ?? []),
  );
  const byCall = new Map(joined.map((one) => [outerKey(one.call, one.call.call), one]));
  return joined.flatMap((one) => linkFacts(input.session, one, byCall));
}

/** A span of the same name under another credential is another span. */
function outerKey({ teller }: Told, call: string): string {
  return JSON.stringify([teller, call]);
}

function sideKey({ teller, tool }: Told): string {
  return JSON.stringify([teller, tool]);
}

interface Match {
  readonly call: string;
  readonly method: "span" | "arguments" | "tool";
  readonly confidence: "high" | "medium" | "low";
}

/** What became of one span call, and the records that says it. */
interface Joined {
  readonly call: SpanCall;
  readonly match: Match | undefined;
  readonly considered: readonly string[];
}

function joinTool(calls: readonly SpanCall[], chosen: readonly ChosenCall[]): readonly Joined[] {
  // A choice that was carried out under its own id needs no span.
  const free = new Set(chosen.filter(({ executions }) => executions.length === 0));
  return calls.map((call, place) => {
    const earlier = chosen.filter((one) => isBefore(one, call));
    const match =
      call.accounts.length > 0
        ? accountOf(call)
        : choiceOf(
            call,
            earlier.filter((one) => free.has(one)),
          );
    for (const one of earlier) if (one.call === match?.call) free.delete(one);
    return { call, match, considered: consideredOf(call, earlier, calls.slice(0, place)) };
  });
}

/** A request inside the span of a tool that nothing names either is of whatever call that span turned out to be. */
function linkFacts(
  session: string,
  { call, match, considered }: Joined,
  byCall: ReadonlyMap<string, Joined>,
): readonly LinkFact[] {
  const outer = match && byCall.get(outerKey(call, match.call));
  const named =
    match === undefined || outer?.match === undefined
      ? match
      : { ...match, call: outer.match.call };
  const all = [...new Set([...considered, ...(outer?.considered ?? [])])].sort(compareText);
  return call.records.map((record) => linkFact(session, call, record, named, all));
}

/** The records of one span and of the model call before it come from one clock, but a streamed answer may end after its first call began. */
function isBefore({ at }: ChosenCall, { from }: SpanCall): boolean {
  return at <= shiftMillis(from, contextLimits.joinSkewMs);
}

/** What the span's own account names; two names are none. */
function accountOf({ accounts }: SpanCall): Match | undefined {
  const [name, ...others] = new Set(accounts.map(({ call }) => call));
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

/** The records a match rests on. Those of other arguments do not count where all arguments are known, so that a link is the same however late they come. */
function consideredOf(
  call: SpanCall,
  earlier: readonly ChosenCall[],
  before: readonly SpanCall[],
): readonly string[] {
  const all: readonly Told[] = [...earlier, ...before, call];
  const isPlain = all.every(({ digest }) => digest !== undefined);
  const counts = ({ digest }: Told): boolean => !isPlain || digest === call.digest;
  const ids = [
    ...all.filter(counts).flatMap(({ ids }) => ids),
    ...earlier.filter(counts).flatMap(({ executions }) => executions),
    // What an earlier span turns out to be leaves its choice to this one.
    ...[call, ...before.filter(counts)].flatMap(({ accounts }) => accounts.map(({ id }) => id)),
  ];
  return [...new Set(ids)].sort(compareText);
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
