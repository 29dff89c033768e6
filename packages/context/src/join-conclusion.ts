import { type LedgerRecord, shiftMillis } from "@custody/model";
import type { CallSpan } from "./call-span.ts";
import type { Confidence, JoinMethod } from "./join-methods.ts";
import { contextLimits } from "./limits.ts";
import { isRegistry } from "./registry-hosts.ts";

export interface Conclusion {
  /** Undefined where several would be as good: a wrong link is worse than none. */
  readonly call: string | undefined;
  readonly method: JoinMethod;
  readonly confidence: Confidence;
}

/**
 * Which of the calls made this flow, by the flow alone. Only a call that is open at the time can have: a host that an earlier call named, and may
 * have reached, says nothing of a flow after its end. Among the open ones the arguments that name the host decide; time alone is a weak answer.
 */
export function concludeCall(
  flow: LedgerRecord<"egress">,
  calls: readonly CallSpan[],
): Conclusion | undefined {
  if (flow.call !== undefined) return { call: flow.call, method: "stated", confidence: "high" };
  const { isNear, open } = openAt(flow.ts, calls);
  const { host } = flow.body;
  const byName = open.filter(({ hosts }) => hosts.has(host));
  const named =
    byName.length > 0 ? byName : open.filter((call) => call.installs && isRegistry(host));
  const [only, another] = named;
  if (another !== undefined) return { call: undefined, method: "several_calls", confidence: "low" };
  if (only !== undefined) {
    const alone = flow.grade === "observed" && open.length === 1;
    return {
      call: only.call,
      method: alone ? "proxy_session" : "session_and_arguments",
      confidence: isNear ? "low" : surenessOf(only, host, open),
    };
  }
  const [single, second] = open;
  if (single === undefined || second !== undefined) return undefined;
  return { call: single.call, method: "interval", confidence: "low" };
}

/** A call without an end may be over, one whose arguments nobody could read may name the host as well, and a registry is named by no words. */
function surenessOf(named: CallSpan, host: string, open: readonly CallSpan[]): Confidence {
  const isOnly = open.every((call) => call === named || call.isRead);
  return named.hosts.has(host) && named.to !== undefined && isOnly ? "high" : "medium";
}

interface Open {
  readonly open: readonly CallSpan[];
  /** Open only if clocks differ by more than they round. */
  readonly isNear: boolean;
}

/** The calls open at a moment that may reach the network; rounding counts only where none was open exactly then, and the skew of clocks last. */
function openAt(time: string, calls: readonly CallSpan[]): Open {
  const reaching = calls.filter(({ mayReach }) => mayReach);
  const within = (marginMs: number) => reaching.filter((call) => isOpen(call, time, marginMs));
  const open = [0, contextLimits.joinGraceMs].map(within).find(({ length }) => length > 0);
  return open === undefined
    ? { open: within(contextLimits.joinSkewMs), isNear: true }
    : { open, isNear: false };
}

/** Whether a call was open at a moment, give or take. */
export function isOpen({ from, to }: CallSpan, time: string, marginMs: number): boolean {
  const early = shiftMillis(time, -marginMs);
  return from <= shiftMillis(time, marginMs) && (to === undefined || early <= to);
}

const weights: Readonly<Record<Confidence, number>> = { high: 3, medium: 2, low: 1 };

/** The surest of several conclusions that name a call; undefined where none does, or equally sure ones name several. */
export function surest(conclusions: readonly (Conclusion | undefined)[]): Conclusion | undefined {
  const naming = conclusions.filter((one) => one?.call !== undefined) as readonly Conclusion[];
  const most = Math.max(0, ...naming.map(({ confidence }) => weights[confidence]));
  const best = naming.filter(({ confidence }) => weights[confidence] === most);
  return new Set(best.map(({ call }) => call)).size === 1 ? best[0] : undefined;
}
