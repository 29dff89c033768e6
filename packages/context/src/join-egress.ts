import { type Fact, type LedgerRecord, type PlacedRecord, shiftMillis } from "@custody/model";
import { type CallMark, callMarks, callSpans } from "./call-span.ts";
import { type Conclusion, concludeCall } from "./join-conclusion.ts";
import { contextLimits } from "./limits.ts";
import { compareText, distinctById, ofClass } from "./record-order.ts";

/** A link as a fact: the collector stamps it under our own credential. Its key holds everything it was concluded from. */
export interface LinkFact extends Fact<"link"> {
  readonly key: readonly string[];
  readonly ts: string;
  readonly session: string;
}

type Flow = LedgerRecord<"egress">;

/**
 * Links flows to the tool calls of the same session. Pure and order-free: a link's basis is the number of records that lie near the flow, which
 * only grows, so of all links ever written the one made with the most knowledge wins (design 4, counting). Where more knowledge leaves no
 * single answer, the link has no call: it takes an earlier one back.
 */
export function joinEgress(input: {
  readonly egress: readonly PlacedRecord[];
  /** Records of the classes `tool_call` and `decision`; others are ignored. */
  readonly calls: readonly PlacedRecord[];
}): readonly LinkFact[] {
  const marks = groupBy(callMarks(distinctById(input.calls)), ({ record }) => record.session);
  const flows = ofClass(distinctById(input.egress), "egress");
  return [...groupBy(flows, ({ session }) => session)].flatMap(([session, own]) =>
    joinSession(session, own, marks.get(session) ?? []),
  );
}

function joinSession(
  session: string,
  flows: readonly Flow[],
  marks: readonly CallMark[],
): readonly LinkFact[] {
  // All requests of one command execution share its id; a flow without one stands alone.
  const groups = groupBy(flows, ({ id, body }) =>
    body.execution === undefined ? `flow ${id}` : `execution ${body.execution}`,
  );
  return [...groups.values()].flatMap((group) => joinExecution(session, group, marks));
}

function joinExecution(
  session: string,
  flows: readonly Flow[],
  marks: readonly CallMark[],
): readonly LinkFact[] {
  const near = marks.filter((mark) => flows.some((flow) => isNear(flow, mark)));
  const considered = [...near.map(({ record }) => record.id), ...flows.map(({ id }) => id)].sort(
    compareText,
  );
  const own = flows.map((flow) => ({
    flow,
    conclusion: concludeCall(flow, callSpans(near.filter((mark) => isNear(flow, mark)))),
  }));
  const best = strongest(own.flatMap(({ conclusion }) => conclusion ?? []));
  return own.flatMap(({ flow, conclusion }) => {
    if (flow.call !== undefined || near.length === 0) return [];
    const chosen = conclusion?.call === best?.call ? conclusion : throughExecution(best);
    return [linkFact(session, flow, chosen, considered)];
  });
}

/** Once one record of an execution is tied to a call, all are. */
function throughExecution(best: Conclusion | undefined): Conclusion | undefined {
  return best && { call: best.call, method: "execution", confidence: best.confidence };
}

function isNear({ ts }: Flow, { from, to }: CallMark): boolean {
  const { joinWindowMs } = contextLimits;
  return from <= shiftMillis(ts, joinWindowMs) && shiftMillis(ts, -joinWindowMs) <= to;
}

const weights = { high: 3, medium: 2, low: 1 } as const;

/** The surest conclusion; of equally sure ones the call that more flows name, then the smaller name. */
function strongest(conclusions: readonly Conclusion[]): Conclusion | undefined {
  const votes = (call: string): number => conclusions.filter((one) => one.call === call).length;
  return conclusions.toSorted(
    (left, right) =>
      weights[right.confidence] - weights[left.confidence] ||
      votes(right.call) - votes(left.call) ||
      compareText(left.call, right.call) ||
      compareText(left.method, right.method),
  )[0];
}

function linkFact(
  session: string,
  flow: Flow,
  conclusion: Conclusion | undefined,
  considered: readonly string[],
): LinkFact {
  const method = conclusion?.method ?? "undecided";
  return {
    class: "link",
    key: ["egress_call", flow.id, session, conclusion?.call ?? "", method, ...considered],
    ts: flow.ts,
    session,
    ...(conclusion === undefined ? {} : { call: conclusion.call }),
    body: {
      kind: "egress_call",
      record: flow.id,
      method,
      confidence: conclusion?.confidence ?? "low",
      basis: considered.length,
    },
  };
}

/**
 * The links worth writing: those that conclude something else than the link that counts now. `current` holds the winning link of each record
 * (`winningLinkOf`). Concluding the same again from more records adds nothing.
 */
export function newLinks(
  links: readonly LinkFact[],
  current: ReadonlyMap<string, LedgerRecord<"link">>,
): readonly LinkFact[] {
  return links.filter(({ call, body }) => {
    const known = current.get(body.record);
    if (known === undefined) return call !== undefined;
    if (body.basis < known.body.basis) return false;
    return (
      known.call !== call ||
      known.body.method !== body.method ||
      known.body.confidence !== body.confidence
    );
  });
}

function groupBy<T>(
  items: readonly T[],
  key: (item: T) => string | undefined,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    if (name === undefined) continue;
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}
