import { hash } from "node:crypto";
import type { ActionLog, OutcomeFacts } from "./action-log.ts";
import { put } from "./attribute-list.ts";
import { genAi } from "./attributes.ts";
import { secondsBetween } from "./clock.ts";
import { type ContentState, createContentState, type Prepared, prepareContent } from "./content.ts";
import type { CallResult, DecidedCall, ModelAnswer, ModelRequest } from "./exchange.ts";
import { limits } from "./limits.ts";
import type { OpenSpan, Recorder } from "./recorder.ts";
import type { SessionLog } from "./session-log.ts";
import {
  type CallState,
  openCall,
  placeOf,
  rememberTurn,
  type SessionState,
  type TurnState,
} from "./session-state.ts";
import type { Settings } from "./settings.ts";
import { countOf, fieldsOf, jsonOf } from "./shape.ts";

/** Where a request goes: what the inference span says of the provider. */
export interface Destination {
  readonly provider: string;
  readonly host: string | undefined;
  readonly port: number | undefined;
}

/** One request to a model, from sending it to the end of its answer. */
export interface Inference {
  /** The first piece of a streamed answer arrived. */
  firstChunk(): void;
  /** The answer so far: its finished calls are decisions at once, long streams or not. */
  progress(answer: ModelAnswer): void;
  finish(answer: ModelAnswer): void;
  fail(errorType: string): void;
}

/**
 * Reads an agent's loop off its model traffic. An answer with tool calls is a decision per call; a
 * request that brings a call's result back is the end of its tool call, and an observation.
 */
export interface Traffic {
  request(request: ModelRequest, to: Destination): Inference;
}

export function createTraffic(
  ports: { recorder: Recorder; sessions: SessionLog; actions: ActionLog },
  settings: Settings,
): Traffic {
  return new TrafficReader(ports.recorder, ports.sessions, ports.actions, settings);
}

/** A result that came back, with what is known of its call. */
interface Returned {
  readonly tool: string;
  readonly known: CallState | undefined;
  readonly result: CallResult;
  readonly prepared: Prepared | undefined;
}

interface Exchange {
  readonly span: OpenSpan;
  /** One state for both directions, so that the span speaks of both. */
  readonly content: ContentState;
}

class TrafficReader implements Traffic {
  readonly #recorder: Recorder;
  readonly #sessions: SessionLog;
  readonly #actions: ActionLog;
  readonly #settings: Settings;

  constructor(recorder: Recorder, sessions: SessionLog, actions: ActionLog, settings: Settings) {
    this.#recorder = recorder;
    this.#sessions = sessions;
    this.#actions = actions;
    this.#settings = settings;
  }

  request(request: ModelRequest, to: Destination): Inference {
    const session = this.#sessions.current();
    for (const result of request.results) this.#result(session, request, result);
    const turn = this.#turnOf(session, request);
    const attributes = request.parameters;
    attributes.push(genAi.operation, request.operation, genAi.provider, to.provider);
    put(attributes, genAi.requestModel, request.model);
    put(attributes, genAi.serverAddress, to.host);
    put(attributes, genAi.serverPort, to.port);
    const content = createContentState();
    const asked = this.#prompt(request.userText, userMessage);
    content.write(attributes, genAi.inputMessages, asked);
    const span = this.#recorder.begin("inference", {
      name: `${request.operation} ${request.model}`,
      at: placeOf(session, turn, undefined),
      attributes,
    });
    return this.#inference(session, turn, { span, content });
  }

  #inference(session: SessionState, turn: TurnState | undefined, exchange: Exchange): Inference {
    const { span, content } = exchange;
    const decided = new Set<string>();
    let firstChunkS: number | undefined;
    // A stream may end, and then be returned from as well; its answer is one.
    let over = false;
    const progress = (answer: ModelAnswer): void => {
      for (const call of answer.calls) {
        if (decided.has(call.call)) continue;
        decided.add(call.call);
        this.#decide(session, turn, call, answer.text, span);
      }
    };
    return {
      firstChunk: () => {
        firstChunkS ??= secondsBetween(span.start, this.#recorder.now());
      },
      progress,
      finish: (answer) => {
        if (over) return;
        over = true;
        progress(answer);
        this.#describeAnswer(answer, { span, content });
        put(span.attributes, genAi.timeToFirstChunk, firstChunkS);
        span.end({ errorType: answer.errorType });
        const waiting = answer.calls.some((call) => call.byProvider === undefined);
        if (answer.complete && !waiting && turn?.explicit === false) {
          this.#sessions.closeTurn(session, turn);
        }
      },
      fail: (errorType) => {
        if (over) return;
        over = true;
        content.close(span.attributes);
        span.end({ errorType });
      },
    };
  }

  #decide(
    session: SessionState,
    turn: TurnState | undefined,
    call: DecidedCall,
    reason: string,
    inference: OpenSpan,
  ): void {
    // The agent may have recorded the decision itself while the answer was still streaming.
    if (openCall(session, call.call)?.decision !== undefined) return;
    const parent = inference.context;
    this.#actions.decision(session, turn, { ...call, reason, parent });
    if (call.byProvider === undefined) return;
    const { output, failed } = call.byProvider;
    const inferred = "provider_executed";
    const attempt = this.#actions.beginAttempt(session, turn, { ...call, inferred });
    const status = failed ? "error" : "executed";
    const result = this.#actions.prepare(output);
    this.#actions.endAttempt(attempt, { status, success: !failed, result });
    if (output === undefined) return;
    const { call: id, tool } = call;
    this.#actions.observation(session, turn, {
      call: id,
      tool,
      text: output,
      trust: "tool_output",
      inferred,
    });
  }

  #result(session: SessionState, request: ModelRequest, result: CallResult): void {
    const seen = session.calls.get(result.call);
    const known = seen ?? this.#unseen(session, request, result.call);
    const turn = known?.turn ?? this.#sessions.turn(session);
    const tool = known?.tool ?? "unknown";
    const prepared = this.#actions.prepare(result.text);
    if (known?.attempt === undefined) {
      this.#attempt(session, turn, { tool, known, result, prepared });
    }
    // A repeated request brings the same results again, and the agent may have told us itself.
    if (seen?.observed === true) return;
    this.#actions.observation(session, turn, {
      call: result.call,
      tool,
      text: result.text,
      prepared,
      trust: "tool_output",
      inferred: "model_traffic",
    });
  }

  /** The attempt between a decision and its result, where the agent did not record one. */
  #attempt(session: SessionState, turn: TurnState | undefined, returned: Returned): void {
    const { tool, known, result, prepared } = returned;
    const denied = known?.verdict === "deny" || known?.verdict === "abort";
    const attempt = this.#actions.beginAttempt(session, turn, {
      call: result.call,
      tool,
      arguments: known?.arguments,
      ...(known === undefined ? {} : { start: known.decidedAt }),
      inferred: denied ? "approval_denied" : "model_traffic",
    });
    const outcome: OutcomeFacts = denied ? { status: "denied" } : outcomeOf(result.text);
    this.#actions.endAttempt(attempt, { ...outcome, result: prepared });
  }

  /** A result whose decision we never saw, as after a resume: the request's own history names the call. */
  #unseen(session: SessionState, request: ModelRequest, call: string): CallState | undefined {
    const past = request.lastCalls.find((one) => one.call === call);
    if (past === undefined) return undefined;
    return this.#actions.decision(session, this.#sessions.turn(session), {
      ...past,
      reason: undefined,
      inferred: "request_history",
    });
  }

  #turnOf(session: SessionState, request: ModelRequest): TurnState | undefined {
    const running = this.#sessions.turn(session);
    if (running?.explicit === true) return running;
    if (request.userText === undefined) {
      const ofResult = request.results.map((result) => session.calls.get(result.call)?.turn);
      return ofResult.find((turn) => turn !== undefined) ?? running;
    }
    const ask = `${request.itemCount} ${shortDigest(request.userText)}`;
    const known = session.turnsByAsk.get(ask);
    if (known !== undefined) return known;
    if (running !== undefined) this.#sessions.closeTurn(session, running);
    const turn = this.#sessions.openTurn(session, userMessage(request.userText), false);
    session.turn = turn;
    rememberTurn(session, ask, turn);
    return turn;
  }

  /** A message as it leaves, built only where prompts are kept. */
  #prompt(text: string | undefined, message: (text: string) => string): Prepared | undefined {
    const { content: mode, contentCharsMax } = this.#settings;
    const kept = text !== undefined && mode === "all" ? message(text) : text;
    return prepareContent(mode, "prompt", kept, contentCharsMax);
  }

  #describeAnswer(answer: ModelAnswer, { span, content }: Exchange): void {
    const { attributes } = span;
    const { usage, finishReasons } = answer;
    const said = this.#prompt(answer.text || undefined, () => assistantMessage(answer));
    content.write(attributes, genAi.outputMessages, said);
    content.close(attributes);
    put(attributes, genAi.responseId, answer.id);
    put(attributes, genAi.responseModel, answer.model);
    put(attributes, genAi.inputTokens, usage.input);
    put(attributes, genAi.outputTokens, usage.output);
    put(attributes, genAi.cachedTokens, usage.cached);
    put(attributes, genAi.reasoningTokens, usage.reasoning);
    if (finishReasons.length > 0) put(attributes, genAi.finishReasons, finishReasons);
  }
}

function userMessage(text: string): string {
  return jsonOf([{ role: "user", parts: [{ type: "text", content: text }] }]);
}

function assistantMessage(answer: ModelAnswer): string {
  return jsonOf([
    {
      role: "assistant",
      parts: [{ type: "text", content: answer.text }],
      finish_reason: answer.finishReasons[0],
    },
  ]);
}

/**
 * What a result text says about the attempt. Text may be anything a command printed, so words like
 * "denied" in it prove nothing; only a result that is as a whole an object with an exit code counts,
 * and everything else stays unknown.
 */
function outcomeOf(text: string): OutcomeFacts {
  if (!text.startsWith("{") || text.length > limits.outcomeCharsMax) return { status: "unknown" };
  try {
    const fields = fieldsOf(JSON.parse(text));
    const exitCode = countOf(fields?.["exit_code"] ?? fields?.["exitCode"]);
    if (exitCode === undefined || !Number.isInteger(exitCode)) return { status: "unknown" };
    return { status: "executed", exitCode, success: exitCode === 0 };
  } catch {
    return { status: "unknown" };
  }
}

function shortDigest(text: string): string {
  return hash("sha256", text).slice(0, 24);
}
