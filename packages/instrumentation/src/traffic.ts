import { createHash } from "node:crypto";
import type { Attributes } from "@opentelemetry/api";
import type { ActionLog, OutcomeFacts } from "./action-log.ts";
import { genAi } from "./attributes.ts";
import { secondsBetween } from "./clock.ts";
import { type ContentWriter, createContentWriter } from "./content.ts";
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

interface Exchange {
  readonly span: OpenSpan;
  /** One writer for both directions, so that the span's content state speaks of both. */
  readonly content: ContentWriter;
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
    const content = createContentWriter(this.#settings.content);
    if (request.userText !== undefined) {
      content.add(genAi.inputMessages, userMessage(request.userText), "prompt");
    }
    const attributes: Attributes = {
      [genAi.operation]: request.operation,
      [genAi.provider]: to.provider,
      [genAi.requestModel]: request.model,
      ...request.parameters,
      ...content.attributes(),
    };
    if (to.host !== undefined) attributes[genAi.serverAddress] = to.host;
    if (to.port !== undefined) attributes[genAi.serverPort] = to.port;
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
        progress(answer);
        const attributes = this.#answerAttributes(answer, content);
        if (firstChunkS !== undefined) attributes[genAi.timeToFirstChunk] = firstChunkS;
        span.end({ attributes, errorType: answer.errorType });
        const waiting = answer.calls.some((call) => call.byProvider === undefined);
        if (answer.complete && !waiting && turn?.explicit === false) {
          this.#sessions.closeTurn(session, turn);
        }
      },
      fail: (errorType) => span.end({ errorType }),
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
    this.#actions.endAttempt(attempt, { status, success: !failed, result: output });
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
    if (known?.attempt === undefined) this.#attempt(session, turn, tool, known, result);
    // A repeated request brings the same results again, and the agent may have told us itself.
    if (seen?.observed === true) return;
    this.#actions.observation(session, turn, {
      call: result.call,
      tool,
      text: result.text,
      trust: "tool_output",
      inferred: "model_traffic",
    });
  }

  /** The attempt between a decision and its result, where the agent did not record one. */
  #attempt(
    session: SessionState,
    turn: TurnState | undefined,
    tool: string,
    known: CallState | undefined,
    { call, text }: CallResult,
  ): void {
    const denied = known?.verdict === "deny" || known?.verdict === "abort";
    const attempt = this.#actions.beginAttempt(session, turn, {
      call,
      tool,
      arguments: known?.arguments,
      ...(known === undefined ? {} : { start: known.decidedAt }),
      inferred: denied ? "approval_denied" : "model_traffic",
    });
    const outcome: OutcomeFacts = denied ? { status: "denied" } : outcomeOf(text);
    this.#actions.endAttempt(attempt, { ...outcome, result: text });
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

  #answerAttributes(answer: ModelAnswer, content: ContentWriter): Attributes {
    if (answer.text !== "") {
      content.add(genAi.outputMessages, assistantMessage(answer), "prompt");
    }
    const attributes: Attributes = { ...content.attributes() };
    const facts: Readonly<Record<string, string | number | undefined>> = {
      [genAi.responseId]: answer.id,
      [genAi.responseModel]: answer.model,
      [genAi.inputTokens]: answer.usage.input,
      [genAi.outputTokens]: answer.usage.output,
      [genAi.cachedTokens]: answer.usage.cached,
      [genAi.reasoningTokens]: answer.usage.reasoning,
    };
    for (const [name, value] of Object.entries(facts)) {
      if (value !== undefined) attributes[name] = value;
    }
    if (answer.finishReasons.length > 0) {
      attributes[genAi.finishReasons] = [...answer.finishReasons];
    }
    return attributes;
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
  return createHash("sha256").update(text).digest("base64url").slice(0, 16);
}
