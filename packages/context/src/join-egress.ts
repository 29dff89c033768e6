import { type LedgerRecord, type PlacedRecord, shiftMillis } from "@custody/model";
import { type CallMark, callMarks, callSpans } from "./call-span.ts";
import { countedNames } from "./counted-names.ts";
import { tiedGroups } from "./flow-ties.ts";
import { groupBy } from "./group-by.ts";
import type { Conclusion } from "./join-conclusion.ts";
import { concludeGroup } from "./join-group.ts";
import { contextLimits } from "./limits.ts";
import { type LinkFact, undecided } from "./link-fact.ts";
import { placementBy } from "./placement.ts";
import { isAgentsOwn } from "./principal.ts";
import { compareText, distinctById, ofClass } from "./record-order.ts";

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
  /** Links that say which session and call those records and flows belong to. */
  readonly links?: readonly PlacedRecord[];
}): readonly LinkFact[] {
  const links = input.links ?? [];
  const namesOf = countedNames([...input.calls, ...input.egress], links);
  const calls = inPlace(distinctById(input.calls), links);
  const marks = groupBy(callMarks(calls), ({ record }) => record.session);
  const flows = ofClass(inPlace(distinctById(input.egress), links), "egress");
  return [...groupBy(flows, ({ session }) => session)].flatMap(([session, own]) =>
    joinSession(session, own, { marks: marks.get(session) ?? [], namesOf }),
  );
}

/** The calls of a session as flows are weighed against them. */
interface Calls {
  readonly marks: readonly CallMark[];
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

function joinSession(session: string, flows: readonly Flow[], calls: Calls): readonly LinkFact[] {
  const toHost = groupBy(flows, ({ body }) => body.host);
  return tiedGroups(flows).flatMap((group) =>
    joinGroup(session, group, { ...calls, besideOf: (flow) => besideOf(flow, toHost) }),
  );
}

interface Surroundings extends Calls {
  /** The other flows to its host that lie near a flow. */
  readonly besideOf: (flow: Flow) => readonly Flow[];
}

/** Those of one teller: what an agent says of its network moves nothing that an observer saw. */
function besideOf(flow: Flow, toHost: ReadonlyMap<string, readonly Flow[]>): readonly Flow[] {
  const { joinWindowMs } = contextLimits;
  const [from, to] = [shiftMillis(flow.ts, -joinWindowMs), shiftMillis(flow.ts, joinWindowMs)];
  return (toHost.get(flow.body.host) ?? []).filter(
    (other) =>
      other !== flow &&
      from <= other.ts &&
      other.ts <= to &&
      isAgentsOwn(other) === isAgentsOwn(flow),
  );
}

function joinGroup(
  session: string,
  flows: readonly Flow[],
  { marks, namesOf, besideOf }: Surroundings,
): readonly LinkFact[] {
  const near = marks.filter((mark) => flows.some((flow) => mayBeOf(flow, mark)));
  if (near.length === 0) return [];
  const weighed = flows.map((flow) => ({
    flow,
    spans: callSpans(near.filter((mark) => mayBeOf(flow, mark))),
    beside: besideOf(flow),
  }));
  const around = new Set([...flows, ...weighed.flatMap(({ beside }) => beside)]);
  const considered = [...near.map(({ record }) => record), ...around]
    .flatMap(({ id }) => namesOf(id))
    .sort(compareText);
  const found = concludeGroup(weighed);
  return flows.flatMap((flow) =>
    flow.call === undefined ? [linkFact(session, flow, found.get(flow), considered)] : [],
  );
}

/** What an agent tells of its own network is of its own calls: nobody lays a flow at another's door. An observer saw whoever it was. */
function mayBeOf(flow: Flow, mark: CallMark): boolean {
  return isNear(flow, mark) && (!isAgentsOwn(flow) || isOneTeller(flow, mark.record));
}

function isOneTeller({ src: { auth } }: LedgerRecord, { src }: LedgerRecord): boolean {
  return auth.kind === src.auth.kind && auth.subject === src.auth.subject;
}

function isNear({ ts }: Flow, { from, to }: CallMark): boolean {
  const { joinWindowMs } = contextLimits;
  return from <= shiftMillis(ts, joinWindowMs) && shiftMillis(ts, -joinWindowMs) <= to;
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
