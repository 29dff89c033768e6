import type { HrTime, SpanContext } from "@opentelemetry/api";
import type { Verdict } from "./attributes.ts";
import type { Prepared } from "./content.ts";
import { limits } from "./limits.ts";
import type { OpenSpan, Place } from "./recorder.ts";

/** What is known of one call while its result has not come back. */
export interface CallState {
  readonly call: string;
  readonly tool: string;
  /** Kept until the call is settled, for its attempt. */
  arguments: string | undefined;
  /** The same arguments as they leave. */
  prepared: Prepared | undefined;
  readonly decidedAt: HrTime;
  readonly turn: TurnState | undefined;
  readonly decision: SpanContext | undefined;
  /** Its attempt, once there is one: the agent's own, beside which none is inferred, or the inferred one. */
  attempt: SpanContext | undefined;
  verdict: Verdict | undefined;
  observed: boolean;
}

export interface TurnState {
  /** The id of the turn is the id of its span: unique, and known without a counter. */
  readonly id: string;
  readonly context: SpanContext;
  readonly span: OpenSpan;
  /** Opened by the agent itself: only the agent closes it. */
  readonly explicit: boolean;
}

/** One conversation as seen from this process. Holds no content but the arguments of open calls. */
export interface SessionState {
  readonly id: string;
  readonly root: SpanContext | undefined;
  turn: TurnState | undefined;
  readonly calls: Map<string, CallState>;
  /** Those of `calls` whose result the model has not seen yet. */
  readonly waiting: Map<string, CallState>;
  /** Turns by what asked for them, so that a repeated request finds its turn again. */
  readonly turnsByAsk: Map<string, TurnState>;
  ended: boolean;
}

export function createSessionState(id: string, root: SpanContext | undefined): SessionState {
  return {
    id,
    root,
    turn: undefined,
    calls: new Map(),
    waiting: new Map(),
    turnsByAsk: new Map(),
    ended: false,
  };
}

export function placeOf(
  session: SessionState,
  turn: TurnState | undefined,
  parent: SpanContext | undefined,
): Place {
  return {
    session: session.id,
    turn: turn?.id,
    parent: parent ?? turn?.context ?? session.root,
  };
}

export function rememberCall(session: SessionState, call: CallState): void {
  forgetOldest(session.calls, limits.callsPerSessionMax);
  forgetOldest(session.waiting, limits.callsPerSessionMax);
  session.calls.set(call.call, call);
  session.waiting.set(call.call, call);
}

/** The call of this id that is still under way. A finished one of the same id is another call. */
export function openCall(session: SessionState, call: string): CallState | undefined {
  return session.waiting.get(call);
}

export function settleCall(session: SessionState, call: CallState): void {
  call.observed = true;
  call.arguments = undefined;
  call.prepared = undefined;
  session.waiting.delete(call.call);
}

export function rememberTurn(session: SessionState, ask: string, turn: TurnState): void {
  forgetOldest(session.turnsByAsk, limits.turnsPerSessionMax);
  session.turnsByAsk.set(ask, turn);
}

/** Maps keep insertion order: the first key is the oldest. */
function forgetOldest(map: Map<string, unknown>, sizeMax: number): void {
  if (map.size < sizeMax) return;
  const oldest = map.keys().next();
  if (oldest.done !== true) map.delete(oldest.value);
}
