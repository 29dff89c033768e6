import { type LedgerRecord, type PlacedRecord, shiftMillis } from "@custody/model";
import { type CallMark, callMarks, callSpans, isNear } from "./call-span.ts";
import { countedNames } from "./counted-names.ts";
import { tiedGroups } from "./flow-ties.ts";
import { groupBy } from "./group-by.ts";
import type { Conclusion } from "./join-conclusion.ts";
import { concludeGroup } from "./join-group.ts";
import { contextLimits } from "./limits.ts";
import { type LinkFact, undecided } from "./link-fact.ts";
import { placementBy } from "./placement.ts";
import { isAgentsOwn } from "./principal.ts";
import { compareText, distinctById, ofClass, overruledById } from "./record-order.ts";

type Flow = LedgerRecord<"egress">;

/**
 * Links flows to the tool calls of the same session. Pure and order-free: a link's basis is the number of records that lie near the flow by any
 * account of theirs, which only grows, so of all links ever written the one made with the most knowledge wins (design 4, counting). Where more knowledge leaves no
 * single answer, the link has no call: it takes an earlier one back.
 */
export function joinEgress(input: {
  readonly egress: readonly PlacedRecord[];
  /** Records of the classes `tool_call` and `decision`; others are ignored. */
  readonly calls: readonly PlacedRecord[];
  /** Links that say which session and call those records and flows belong to. */
  readonly links?: readonly PlacedRecord[];
}): readonly LinkFact[] {
  const links = input.links ?? [];
  const namesOf = countedNames([...input.calls, ...input.egress], links);
  const marksOf = (calls: readonly PlacedRecord[]) =>
    groupBy(callMarks(inPlace(calls, links)), ({ record }) => record.session);
  const flowsOf = (flows: readonly PlacedRecord[]) =>
    groupBy(ofClass(inPlace(flows, links), "egress"), ({ session }) => session);
  const marks = marksOf(distinctById(input.calls));
  const overruled = marksOf(overruledById(input.calls));
  const otherFlows = flowsOf(overruledById(input.egress));
  return [...flowsOf(distinctById(input.egress))].flatMap(([session, own]) =>
    joinSession(session, own, otherFlows.get(session) ?? [], {
      marks: marks.get(session) ?? [],
      overruled: overruled.get(session) ?? [],
      namesOf,
    }),
  );
}

/** The calls of a session as flows are weighed against them. */
interface Calls {
  readonly marks: readonly CallMark[];
  /** Of accounts that another one of their record is kept for: they conclude nothing, but what they lay near to was weighed with them. */
  readonly overruled: readonly CallMark[];
  readonly namesOf: (id: string) => readonly string[];
}

function inPlace(
  records: readonly PlacedRecord[],
  links: readonly PlacedRecord[],
): readonly PlacedRecord[] {
  if (links.length === 0) return records;
  const placement = placementBy(links);
  return records.map((one) => {
    const { session, call } = placement.of(one.record);
    const record = { ...one.record, ...(session && { session }), ...(call && { call }) };
    return { ...one, record };
  });
}

function joinSession(
  session: string,
  flows: readonly Flow[],
  overruled: readonly Flow[],
  calls: Calls,
): readonly LinkFact[] {
  const toHost = groupBy([...flows, ...overruled], ({ body }) => body.host);
  const others = groupBy(overruled, ({ id }) => id);
  const kept = new Set(flows);
  const accountsOf = (flow: Flow): readonly Flow[] => [flow, ...(others.get(flow.id) ?? [])];
  const surroundings: Surroundings = {
    ...calls,
    accountsOf,
    isKept: (flow) => kept.has(flow),
    besideOf: (flow) => besideOf(flow, toHost),
  };
  return tiedGroups(flows, accountsOf).flatMap((group) => joinGroup(session, group, surroundings));
}

interface Surroundings extends Calls {
  /** A flow as it is kept, and every other account of it. */
  readonly accountsOf: (flow: Flow) => readonly Flow[];
  readonly isKept: (account: Flow) => boolean;
  /** Every account of other flows to its host that lies near one of a flow. */
  readonly besideOf: (account: Flow) => readonly Flow[];
}

/** Those of one teller: what an agent says of its network moves nothing that an observer saw. */
function besideOf(flow: Flow, toHost: ReadonlyMap<string, readonly Flow[]>): readonly Flow[] {
  const { joinWindowMs } = contextLimits;
  const [from, to] = [shiftMillis(flow.ts, -joinWindowMs), shiftMillis(flow.ts, joinWindowMs)];
  return (toHost.get(flow.body.host) ?? []).filter(
    (other) =>
      other.id !== flow.id &&
      from <= other.ts &&
      other.ts <= to &&
      isAgentsOwn(other) === isAgentsOwn(flow),
  );
}

/** Concludes from the accounts that are kept, and counts whatever lies near by any account: one that is overruled later was concluded from before. */
function joinGroup(
  session: string,
  flows: readonly Flow[],
  { marks, overruled, namesOf, accountsOf, isKept, besideOf }: Surroundings,
): readonly LinkFact[] {
  const accounts = flows.flatMap(accountsOf);
  const isNearAny = (mark: CallMark): boolean => accounts.some((flow) => mayBeOf(flow, mark));
  const near = marks.filter(isNearAny);
  const around = [...near, ...overruled.filter(isNearAny)].map(({ record }) => record.id);
  if (around.length === 0) return [];
  const besides = new Map(accounts.map((flow) => [flow, besideOf(flow)] as const));
  const weighed = flows.map((flow) => ({
    flow,
    spans: callSpans(near.filter((mark) => mayBeOf(flow, mark))),
    beside: (besides.get(flow) ?? []).filter(isKept),
  }));
  const beside = [...flows, ...[...besides.values()].flat()].map(({ id }) => id);
  const considered = [...new Set([...around, ...beside])].flatMap(namesOf).sort(compareText);
  const found = concludeGroup(weighed);
  return flows.flatMap((flow) =>
    flow.call === undefined ? [linkFact(session, flow, found.get(flow), considered)] : [],
  );
}

/** What an agent tells of its own network is of its own calls: nobody lays a flow at another's door. An observer saw whoever it was. */
function mayBeOf(flow: Flow, mark: CallMark): boolean {
  return isNear(flow.ts, mark) && (!isAgentsOwn(flow) || isOneTeller(flow, mark.record));
}

function isOneTeller({ src: { auth } }: LedgerRecord, { src }: LedgerRecord): boolean {
  return auth.kind === src.auth.kind && auth.subject === src.auth.subject;
}

function linkFact(
  session: string,
  flow: Flow,
  conclusion: Conclusion | undefined,
  considered: readonly string[],
): LinkFact {
  const method = conclusion?.method ?? undecided;
  return {
    class: "link",
    key: ["egress_call", flow.id, session, conclusion?.call ?? "", method, ...considered],
    ts: flow.ts,
    session,
    ...(conclusion?.call === undefined ? {} : { call: conclusion.call }),
    body: {
      kind: "egress_call",
      record: flow.id,
      method,
      confidence: conclusion?.confidence ?? "low",
      basis: considered.length,
    },
  };
}
