import { type LedgerRecord, shiftMillis } from "@custody/model";
import type { CallSpan } from "./call-span.ts";
import { impliesHost } from "./implied-hosts.ts";
import type { Confidence, JoinMethod } from "./join-methods.ts";
import { contextLimits } from "./limits.ts";

type Flow = LedgerRecord<"egress">;

export interface Conclusion {
  /** Undefined where several would be as good: a wrong link is worse than none. */
  readonly call: string | undefined;
  readonly method: JoinMethod;
  readonly confidence: Confidence;
}

/**
 * Which of the calls made this flow, by the flow alone. Only a call that is open at the time can have: a host that an earlier call named, and may
 * have reached, says nothing of a flow after its end. Among the open ones the arguments that name the host decide; time alone is a weak answer.
 * `beside` are the flows to the same host: a call that has one of its own within its time needs no other from outside of it.
 */
export function concludeCall(
  flow: Flow,
  calls: readonly CallSpan[],
  beside: readonly Flow[],
): Conclusion | undefined {
  if (flow.call !== undefined) return { call: flow.call, method: "stated", confidence: "high" };
  const reaching = calls.filter(({ mayReach }) => mayReach);
  const openWithin = (marginMs: number): readonly CallSpan[] =>
    reaching.filter((call) => isOpen(call, flow.ts, marginMs));
  const lacksOwn = (call: CallSpan): boolean => !beside.some(({ ts }) => isOpen(call, ts, 0));
  const exact = openWithin(0);
  const named = namedBy(flow, exact);
  if (named !== undefined) return named;
  const rounded = openWithin(contextLimits.joinGraceMs);
  const lacking = rounded.filter((call) => exact.includes(call) || lacksOwn(call));
  const byRounding = namedBy(flow, lacking);
  if (byRounding !== undefined) return byRounding;
  // By rounding alone, of a call that has a flow of its own: the best answer there is, unless another call is open without it.
  const again = exact.length === 0 ? namedBy(flow, rounded) : undefined;
  if (again !== undefined) return weakest(again, "medium");
  const nearly = openWithin(contextLimits.joinSkewMs);
  const late = namedBy(flow, nearly.filter(lacksOwn));
  // By the skew of clocks alone: its own flow is missing, and this one is just outside.
  if (late !== undefined) return weakest(late, "medium");
  const open = [exact, rounded].find(({ length }) => length > 0);
  if (open === undefined) {
    const anyNamed = namedBy(flow, nearly);
    if (anyNamed !== undefined) return weakest(anyNamed, "low");
  }
  const [single, second] = open ?? nearly;
  if (single === undefined || second !== undefined) return undefined;
  return { call: single.call, method: "interval", confidence: "low" };
}

/** The one of some open calls whose arguments name the host, or that reaches it by what it is. */
function namedBy(flow: Flow, open: readonly CallSpan[]): Conclusion | undefined {
  const { host } = flow.body;
  const byName = open.filter(({ hosts }) => hosts.has(host));
  const named = byName.length > 0 ? byName : open.filter((call) => impliesHost(call, host));
  const [only, another] = named;
  if (only === undefined) return undefined;
  if (another !== undefined) return { call: undefined, method: "several_calls", confidence: "low" };
  const alone = flow.grade === "observed" && open.length === 1;
  const method = alone ? "proxy_session" : "session_and_arguments";
  return { call: only.call, method, confidence: surenessOf(only, host, open) };
}

/** A call without an end may be over, one whose arguments nobody could read may name the host as well, and what is implied is not said. */
function surenessOf(named: CallSpan, host: string, open: readonly CallSpan[]): Confidence {
  const isOnly = open.every((call) => call === named || call.isRead);
  return named.hosts.has(host) && named.to !== undefined && isOnly ? "high" : "medium";
}

/** Whether a call was open at a moment, give or take. */
export function isOpen({ from, to }: CallSpan, time: string, marginMs: number): boolean {
  const early = shiftMillis(time, -marginMs);
  return from <= shiftMillis(time, marginMs) && (to === undefined || early <= to);
}

const weights: Readonly<Record<Confidence, number>> = { high: 3, medium: 2, low: 1 };

function weakest(conclusion: Conclusion, most: Confidence): Conclusion {
  return weights[conclusion.confidence] <= weights[most]
    ? conclusion
    : { ...conclusion, confidence: most };
}

/** The surest of several conclusions that name a call; undefined where none does, or equally sure ones name several. */
export function surest(conclusions: readonly (Conclusion | undefined)[]): Conclusion | undefined {
  const naming = conclusions.filter((one) => one?.call !== undefined) as readonly Conclusion[];
  const most = Math.max(0, ...naming.map(({ confidence }) => weights[confidence]));
  const best = naming.filter(({ confidence }) => weights[confidence] === most);
  return new Set(best.map(({ call }) => call)).size === 1 ? best[0] : undefined;
}
