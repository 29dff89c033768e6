import { type LedgerRecord, shiftMillis } from "@custody/model";
import type { CallSpan } from "./call-span.ts";
import { tiesOf } from "./flow-ties.ts";
import { groupBy } from "./group-by.ts";
import { type Conclusion, concludeCall, isOpen, surest } from "./join-conclusion.ts";
import type { JoinMethod } from "./join-methods.ts";
import { contextLimits } from "./limits.ts";
import { compareText } from "./record-order.ts";

type Flow = LedgerRecord<"egress">;

/** A flow and the calls that it may be of. */
export interface WeighedFlow {
  readonly flow: Flow;
  readonly spans: readonly CallSpan[];
  /** Other flows to the same host that lie near it. */
  readonly beside: readonly Flow[];
}

/** What is known of a flow's sender. */
interface Sender {
  readonly process: string;
  readonly start: string;
  readonly method: "process" | "client_port";
}

/**
 * What is concluded of flows that something ties together (`tiedGroups`): first of each alone, then of those of one execution, then of those of one
 * process, last of a connection that a sensor saw on its way to the proxy. A conclusion that names the same call stays as it is.
 */
export function concludeGroup(
  weighed: readonly WeighedFlow[],
): ReadonlyMap<Flow, Conclusion | undefined> {
  const found = new Map(
    weighed.map(({ flow, spans, beside }) => [flow, concludeCall(flow, spans, beside)] as const),
  );
  const together = (group: readonly WeighedFlow[], method: JoinMethod, best = bestOf(group)) => {
    for (const { flow } of group) found.set(flow, stronger(found.get(flow), best, method));
  };
  const bestOf = (group: readonly WeighedFlow[]): Conclusion | undefined =>
    surest(group.map(({ flow }) => found.get(flow)));

  for (const group of groupBy(weighed, ({ flow }) => tiesOf(flow).execution).values()) {
    together(group, "execution");
  }
  const senders = sendersOf(weighed);
  for (const group of groupBy(weighed, ({ flow }) => senders.get(flow)?.process).values()) {
    const best = ofProcess(group, senders, found);
    for (const method of ["process", "client_port"] as const) {
      const through = group.filter(({ flow }) => senders.get(flow)?.method === method);
      together(through, method, best);
    }
  }
  for (const { leg, carried } of legs(weighed)) together([leg], "client_port", bestOf(carried));
  return found;
}

/** Where the group names a call, the flow is of that one too: what was sent together was sent by one call. */
function stronger(
  own: Conclusion | undefined,
  best: Conclusion | undefined,
  method: JoinMethod,
): Conclusion | undefined {
  if (best?.call === undefined || own?.call === best.call) return own;
  return { ...best, method };
}

/** Its process is a sensor's word: its own record, or that of the same client's port at the last time before. */
function sendersOf(weighed: readonly WeighedFlow[]): ReadonlyMap<Flow, Sender> {
  const byClient = groupBy(weighed, ({ flow }) => tiesOf(flow).client);
  const senders = new Map<Flow, Sender>();
  for (const { flow } of weighed) {
    const { client, process } = tiesOf(flow);
    const start = flow.body.process_start;
    if (process !== undefined && start !== undefined) {
      senders.set(flow, { process, start, method: "process" });
      continue;
    }
    const latest = shiftMillis(flow.ts, contextLimits.joinSkewMs);
    const seen = (client === undefined ? [] : (byClient.get(client) ?? []))
      .map((one) => one.flow)
      .filter((one) => one.ts <= latest && tiesOf(one).process !== undefined)
      .sort((left, right) => compareText(left.ts, right.ts) || compareText(left.id, right.id))
      .at(-1);
    const through = seen && tiesOf(seen).process;
    if (through === undefined || seen?.body.process_start === undefined) continue;
    senders.set(flow, {
      process: through,
      start: seen.body.process_start,
      method: "client_port",
    });
  }
  return senders;
}

/** The call that started a process: that of its flows, if the process began in it; else the one call that was open when it began. */
function ofProcess(
  group: readonly WeighedFlow[],
  senders: ReadonlyMap<Flow, Sender>,
  found: ReadonlyMap<Flow, Conclusion | undefined>,
): Conclusion | undefined {
  const began = group.map(({ flow }) => senders.get(flow)?.start ?? "").sort(compareText)[0] ?? "";
  const openThen = new Map(
    group
      .flatMap(({ spans }) => spans)
      .filter((span) => span.mayReach && isOpen(span, began, contextLimits.joinGraceMs))
      .map((span) => [span.call, span]),
  );
  const inCall = group
    .map(({ flow }) => found.get(flow))
    .filter((one) => one?.call !== undefined && openThen.has(one.call));
  const best = surest(inCall);
  if (best !== undefined) return best;
  const [only, another] = [...openThen.keys()];
  if (only === undefined || another !== undefined) return undefined;
  return { call: only, method: "process", confidence: "low" };
}

/** A sensor's sight of a connection to a proxy, with the flows that the proxy carried on it. */
function legs(
  weighed: readonly WeighedFlow[],
): readonly { readonly leg: WeighedFlow; readonly carried: readonly WeighedFlow[] }[] {
  const connections = groupBy(weighed, ({ flow }) => tiesOf(flow).client).values();
  return [...connections].flatMap((same) =>
    same
      .filter(({ flow }) => flow.body.via === "sandbox_net")
      .flatMap((leg) => {
        const [from, to] = [-contextLimits.joinSkewMs, contextLimits.joinWindowMs].map((millis) =>
          shiftMillis(leg.flow.ts, millis),
        );
        const carried = same.filter(
          ({ flow }) =>
            flow.body.via === "proxy" && (from ?? "") <= flow.ts && flow.ts <= (to ?? ""),
        );
        return carried.length === 0 ? [] : [{ leg, carried }];
      }),
  );
}
