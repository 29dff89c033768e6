import { randomUUID } from "node:crypto";
import type {
  ApprovalInput,
  Decision,
  DecisionInput,
  ObservationInput,
  Session,
  SessionOptions,
  ToolAttempt,
  ToolInput,
  ToolOutcome,
  TurnOptions,
  WrapOptions,
} from "./agent-input.ts";
import { failureOf, outcomeOf, textOfContent } from "./attempt-outcome.ts";
import { verdicts } from "./attributes.ts";
import type { Pipeline, Runtime } from "./runtime.ts";
import { openCall, type SessionState, type TurnState } from "./session-state.ts";
import { settle } from "./settle.ts";
import { matchingCall, wrapFunction } from "./wrap-tool.ts";

/**
 * The explicit API, for what model traffic cannot show: approvals, true intervals, exit codes. It
 * never throws anything of its own, and gives back what your functions give.
 */
export interface Agent {
  /** Makes a session the one of this process. */
  session(options?: SessionOptions): Session;
  /** Runs `work` in a session of its own, which ends with it. */
  session<T>(options: SessionOptions, work: (session: Session) => T): T;
  turn<T>(options: TurnOptions, work: () => T): T;
  decide(decision: DecisionInput): Decision;
  approve(approval: ApprovalInput): void;
  /** Runs `work` as the attempt of a call. */
  tool<T>(tool: ToolInput, work: (attempt: ToolAttempt) => T): T;
  observe(observation: ObservationInput): void;
  /** The same function, whose calls are recorded as attempts and matched to the model's decisions. */
  wrapTool<F extends (...args: never[]) => unknown>(fn: F, options?: WrapOptions): F;
}

export function createAgent(runtime: Runtime): Agent {
  return new RecordingAgent(runtime);
}

interface Here {
  readonly pipeline: Pipeline;
  readonly session: SessionState;
  readonly turn: TurnState | undefined;
}

class RecordingAgent implements Agent {
  readonly #runtime: Runtime;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  session(options?: SessionOptions): Session;
  session<T>(options: SessionOptions, work: (session: Session) => T): T;
  session<T>(options: SessionOptions = {}, work?: (session: Session) => T): Session | T {
    const opened = this.#inPipeline(({ sessions }) => sessions.open(options.id));
    const session = this.#sessionHandle(opened, options.id ?? "");
    if (work === undefined) {
      if (opened !== undefined) this.#inPipeline(({ sessions }) => sessions.adopt(opened));
      return session;
    }
    const end = (): void => session.end();
    return settle(() => session.run(() => work(session)), end, end);
  }

  turn<T>(options: TurnOptions, work: () => T): T {
    const here = this.#here();
    const turn = this.#runtime.guard(() =>
      here?.pipeline.sessions.openTurn(here.session, options.prompt, true),
    );
    if (here === undefined || turn === undefined) return work();
    const { sessions } = here.pipeline;
    const close = (): void => {
      this.#runtime.guard(() => sessions.closeTurn(here.session, turn));
    };
    return settle(() => sessions.inTurn(here.session, turn, work), close, close);
  }

  decide(input: DecisionInput): Decision {
    const call = input.call ?? newCallId();
    this.#inPlace(({ pipeline, session, turn }) => {
      if (openCall(session, call)?.decision !== undefined) return;
      pipeline.actions.decision(session, turn, {
        call,
        tool: input.tool,
        arguments: textOfContent(input.arguments),
        reason: input.reason,
      });
    });
    return { call };
  }

  approve(input: ApprovalInput): void {
    this.#inPlace(({ pipeline, session, turn }) => {
      const { call, verdict, by, scope = "once", approver, raw } = input;
      // A caller without types may say another word: it is kept as said, and claims no verdict.
      const known = verdicts.includes(verdict);
      pipeline.actions.approval(session, turn, {
        call,
        verdict: known ? verdict : undefined,
        by,
        scope,
        approver,
        raw: raw ?? (known ? undefined : String(verdict)),
      });
    });
  }

  tool<T>(input: ToolInput, work: (attempt: ToolAttempt) => T): T {
    const { guard } = this.#runtime;
    const call = input.call ?? newCallId();
    let stated: ToolOutcome = {};
    const handle: ToolAttempt = {
      call,
      outcome: (outcome) => {
        stated = { ...stated, ...outcome };
      },
    };
    const here = this.#here();
    const attempt = guard(() =>
      here?.pipeline.actions.beginAttempt(here.session, here.turn, {
        call,
        tool: input.name,
        arguments: textOfContent(input.arguments),
        kind: input.kind,
      }),
    );
    if (here === undefined || attempt === undefined) return work(handle);
    const { actions, tracing } = here.pipeline;
    return settle(
      () => tracing.within(attempt.span.context, () => work(handle)),
      (value) => {
        guard(() => actions.endAttempt(attempt, outcomeOf(value, stated, actions)));
      },
      (reason) => {
        guard(() => actions.endAttempt(attempt, failureOf(reason, stated, actions)));
      },
    );
  }

  observe(input: ObservationInput): void {
    this.#inPlace(({ pipeline, session, turn }) => {
      const { call, trust = "unknown" } = input;
      const known = call === undefined ? undefined : openCall(session, call);
      const text = textOfContent(input.content) ?? "";
      pipeline.actions.observation(session, turn, { call, tool: known?.tool, text, trust });
    });
  }

  wrapTool<F extends (...args: never[]) => unknown>(fn: F, options: WrapOptions = {}): F {
    const name = options.name ?? (fn.name || "anonymous");
    return wrapFunction(fn, (args, run) => {
      const call = this.#runtime.guard(() => {
        const session = this.#here()?.session;
        return session === undefined ? undefined : matchingCall(session, name, args);
      });
      const given = args.length === 1 ? args[0] : args;
      const { kind } = options;
      return this.tool(
        {
          name,
          arguments: given,
          ...(call === undefined ? {} : { call }),
          ...(kind === undefined ? {} : { kind }),
        },
        run,
      );
    });
  }

  #sessionHandle(opened: SessionState | undefined, id: string): Session {
    return {
      id: opened?.id ?? id,
      run: (work) => {
        const sessions = this.#runtime.guard(() => this.#pipeline()?.sessions);
        if (opened === undefined || sessions === undefined) return work();
        return sessions.inSession(opened, work);
      },
      end: () => {
        this.#inPipeline(({ sessions }) => {
          if (opened !== undefined) sessions.close(opened, "ended");
        });
      },
    };
  }

  #pipeline(): Pipeline | undefined {
    return this.#runtime.settings.disabled ? undefined : this.#runtime.pipeline();
  }

  #inPipeline<T>(work: (pipeline: Pipeline) => T): T | undefined {
    return this.#runtime.guard(() => {
      const pipeline = this.#pipeline();
      return pipeline === undefined ? undefined : work(pipeline);
    });
  }

  #here(): Here | undefined {
    return this.#inPipeline((pipeline) => {
      const session = pipeline.sessions.current();
      return { pipeline, session, turn: pipeline.sessions.turn(session) };
    });
  }

  #inPlace(work: (here: Here) => void): void {
    const here = this.#here();
    if (here !== undefined) this.#runtime.guard(() => work(here));
  }
}

/** An id for a call the model did not number. */
function newCallId(): string {
  return `local_${randomUUID()}`;
}
