import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import type { AttributeList } from "./attribute-list.ts";
import { custody, genAi } from "./attributes.ts";
import { createContentState, prepareContent } from "./content.ts";
import type { Recorder } from "./recorder.ts";
import { createSessionState, placeOf, type SessionState, type TurnState } from "./session-state.ts";
import type { Settings } from "./settings.ts";
import type { Tracing } from "./tracing.ts";

/** Opens and closes sessions and turns, and knows which ones the running code is in. */
export interface SessionLog {
  /** The session of the running code: an explicit one around it, else the one of the process. */
  current(): SessionState;
  turn(session: SessionState): TurnState | undefined;
  open(id?: string): SessionState;
  /** Makes `session` the one of all code that is not inside an explicit one. */
  adopt(session: SessionState): void;
  close(session: SessionState, reason: string): void;
  openTurn(session: SessionState, prompt: string | undefined, explicit: boolean): TurnState;
  closeTurn(session: SessionState, turn: TurnState): void;
  inSession<T>(session: SessionState, work: () => T): T;
  inTurn<T>(session: SessionState, turn: TurnState, work: () => T): T;
  /** Closes everything that is open; the process is about to end. */
  closeAll(reason: string): void;
}

interface Surroundings {
  readonly session: SessionState;
  readonly turn: TurnState | undefined;
}

export function createSessionLog(
  recorder: Recorder,
  tracing: Tracing,
  settings: Settings,
): SessionLog {
  const around = new AsyncLocalStorage<Surroundings>();
  const open = new Set<SessionState>();
  const openTurns = new Map<TurnState, SessionState>();
  let ofProcess: SessionState | undefined;

  const log: SessionLog = {
    current() {
      const session = around.getStore()?.session ?? ofProcess;
      if (session !== undefined && !session.ended) return session;
      ofProcess = log.open();
      return ofProcess;
    },
    turn: (session) => {
      const store = around.getStore();
      return store?.session === session && store.turn !== undefined ? store.turn : session.turn;
    },
    open(id = settings.sessionId ?? randomUUID()) {
      const root = recorder.mark("session", {
        name: `session ${settings.agent.name}`,
        at: { session: id, turn: undefined, parent: tracing.active() },
        attributes: [custody.sessionEvent, "start", custody.sessionWorkspace, settings.workspace],
      });
      const session = createSessionState(id, root);
      open.add(session);
      return session;
    },
    adopt(session) {
      ofProcess = session;
    },
    close(session, reason) {
      if (session.ended) return;
      session.ended = true;
      open.delete(session);
      for (const [turn, owner] of openTurns) if (owner === session) log.closeTurn(session, turn);
      recorder.mark("session", {
        name: `session ${settings.agent.name}`,
        at: placeOf(session, undefined, undefined),
        attributes: [custody.sessionEvent, "end", custody.sessionEndReason, reason],
      });
    },
    openTurn(session, prompt, explicit) {
      const attributes: AttributeList = [genAi.operation, "invoke_agent"];
      const content = createContentState();
      const { content: mode, contentCharsMax } = settings;
      const prepared = prepareContent(mode, "prompt", prompt, contentCharsMax);
      content.write(attributes, genAi.inputMessages, prepared);
      content.close(attributes);
      const span = recorder.begin("turn", {
        name: `invoke_agent ${settings.agent.name}`,
        at: placeOf(session, undefined, tracing.active()),
        attributes,
      });
      const { context } = span;
      const turn = { id: context.spanId, context, span, explicit };
      openTurns.set(turn, session);
      return turn;
    },
    closeTurn(session, turn) {
      if (!openTurns.delete(turn)) return;
      if (session.turn === turn) session.turn = undefined;
      turn.span.attributes.push(custody.turnId, turn.id);
      turn.span.end();
    },
    inSession: (session, work) => around.run({ session, turn: undefined }, work),
    inTurn: (session, turn, work) =>
      around.run({ session, turn }, () => tracing.within(turn.context, work)),
    closeAll(reason) {
      for (const session of [...open]) log.close(session, reason);
    },
  };
  return log;
}
