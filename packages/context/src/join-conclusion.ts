import { type LedgerRecord, shiftMillis } from "@custody/model";
import type { CallSpan } from "./call-span.ts";
import { contextLimits } from "./limits.ts";

export type JoinMethod =
  | "stated"
  | "execution"
  | "proxy_session"
  | "session_and_arguments"
  | "interval";
export type Confidence = "high" | "medium" | "low";

export interface Conclusion {
  readonly call: string;
  readonly method: JoinMethod;
  readonly confidence: Confidence;
}

/**
 * Which of the calls made this flow, best evidence first: the proxy's own session with one open call; a host that stands in the arguments of an
 * open call; the one call open at the time; a host in the arguments of a call that ended before (something was left running). Undefined
 * where two would be as good: a wrong link is worse than none.
 */
export function concludeCall(
  flow: LedgerRecord<"egress">,
  calls: readonly CallSpan[],
): Conclusion | undefined {
  if (flow.call !== undefined) return { call: flow.call, method: "stated", confidence: "high" };
  const { host } = flow.body;
  const open = openAt(flow.ts, calls);
  const named = open.filter(({ hosts }) => hosts.has(host));
  const reaching = open.filter(({ mayReach }) => mayReach);
  const [only] = reaching;
  if (flow.grade === "observed" && reaching.length === 1 && only !== undefined) {
    const confidence = only.hosts.has(host) ? "high" : "medium";
    return { call: only.call, method: "proxy_session", confidence };
  }
  const byHost = latestOf(named);
  if (byHost !== undefined) {
    const confidence = named.length === 1 ? "high" : "low";
    return { call: byHost.call, method: "session_and_arguments", confidence };
  }
  if (reaching.length === 1 && only !== undefined) {
    return { call: only.call, method: "interval", confidence: "low" };
  }
  return reaching.length === 0 ? leftRunning(flow, calls) : undefined;
}

/** The calls open at a moment; the skew of clocks counts only where none was open exactly then. */
function openAt(time: string, calls: readonly CallSpan[]): readonly CallSpan[] {
  const exactly = calls.filter(({ from, to }) => from <= time && (to === undefined || time <= to));
  if (exactly.length > 0) return exactly;
  const early = shiftMillis(time, -contextLimits.joinSkewMs);
  const late = shiftMillis(time, contextLimits.joinSkewMs);
  return calls.filter(({ from, to }) => from <= late && (to === undefined || early <= to));
}

function leftRunning(
  flow: LedgerRecord<"egress">,
  calls: readonly CallSpan[],
): Conclusion | undefined {
  const before = calls.filter(
    ({ from, hosts, mayReach }) => from <= flow.ts && mayReach && hosts.has(flow.body.host),
  );
  const last = latestOf(before);
  return (
    last && {
      call: last.call,
      method: "session_and_arguments",
      confidence: before.length === 1 ? "medium" : "low",
    }
  );
}

/** Spans are in order of their start, then of their call. */
function latestOf(calls: readonly CallSpan[]): CallSpan | undefined {
  return calls.at(-1);
}
