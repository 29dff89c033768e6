import type { LedgerRecord } from "@custody/model";

/** A call that its source did not name: the span stands for it. */
export function isSpanCall(call: string | undefined): call is string {
  return call?.startsWith("span:") === true;
}

/** The record names no conversation: its trace stands for one. */
export function isTraceSession({ attrs, session, trace }: LedgerRecord): boolean {
  return attrs?.["session.source"] === "trace" && session !== undefined && session === trace;
}
