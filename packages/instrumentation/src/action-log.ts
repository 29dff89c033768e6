import { hash } from "node:crypto";
import type { HrTime, SpanContext } from "@opentelemetry/api";
import { type AttributeList, put } from "./attribute-list.ts";
import {
  type ApprovalScope,
  type ApprovedBy,
  custody,
  genAi,
  type InferredWhy,
  type ToolKind,
  type ToolStatus,
  type Trust,
  type Verdict,
} from "./attributes.ts";
import {
  type ContentState,
  createContentState,
  excerptOf,
  type Prepared,
  prepareContent,
} from "./content.ts";
import { limits } from "./limits.ts";
import { maskSecrets } from "./mask.ts";
import type { OpenSpan, Recorder } from "./recorder.ts";
import {
  type CallState,
  openCall,
  placeOf,
  rememberCall,
  type SessionState,
  settleCall,
  type TurnState,
} from "./session-state.ts";
import type { Settings } from "./settings.ts";

interface DecisionFacts {
  readonly call: string;
  readonly tool: string;
  readonly arguments: string | undefined;
  readonly reason: string | undefined;
  readonly at?: HrTime;
  readonly parent?: SpanContext | undefined;
  readonly inferred?: InferredWhy | undefined;
}

interface AttemptFacts {
  readonly call: string;
  readonly tool: string;
  readonly arguments: string | undefined;
  readonly kind?: ToolKind | undefined;
  readonly start?: HrTime;
  readonly inferred?: InferredWhy | undefined;
}

export interface OutcomeFacts {
  readonly status: ToolStatus;
  readonly success?: boolean | undefined;
  readonly exitCode?: number | undefined;
  /** As it leaves; make it with `prepare`, once for all spans that carry it. */
  readonly result?: Prepared | undefined;
  readonly errorType?: string | undefined;
}

interface ObservationFacts {
  readonly call: string | undefined;
  readonly tool?: string | undefined;
  readonly text: string;
  /** The same text as it leaves, where an attempt has it already. */
  readonly prepared?: Prepared | undefined;
  readonly trust: Trust;
  readonly inferred?: InferredWhy | undefined;
}

interface Attempt {
  readonly span: OpenSpan;
  /** One state for arguments and result, so that the span speaks of both. */
  readonly content: ContentState;
}

interface ApprovalFacts {
  readonly call: string | undefined;
  readonly verdict: Verdict | undefined;
  readonly by: ApprovedBy;
  readonly scope: ApprovalScope;
  readonly approver: string | undefined;
  readonly raw: string | undefined;
}

/** Writes the spans of one action: what was decided, what was attempted, what was seen back. */
export interface ActionLog {
  prepare(text: string | undefined): Prepared | undefined;
  decision(session: SessionState, turn: TurnState | undefined, facts: DecisionFacts): CallState;
  beginAttempt(session: SessionState, turn: TurnState | undefined, facts: AttemptFacts): Attempt;
  endAttempt(attempt: Attempt, outcome: OutcomeFacts): void;
  observation(session: SessionState, turn: TurnState | undefined, facts: ObservationFacts): void;
  approval(session: SessionState, turn: TurnState | undefined, facts: ApprovalFacts): void;
}

export function createActionLog(recorder: Recorder, settings: Settings): ActionLog {
  return new SpanActionLog(recorder, settings);
}

class SpanActionLog implements ActionLog {
  readonly #recorder: Recorder;
  readonly #settings: Settings;

  constructor(recorder: Recorder, settings: Settings) {
    this.#recorder = recorder;
    this.#settings = settings;
  }

  prepare(text: string | undefined): Prepared | undefined {
    const { content, contentCharsMax } = this.#settings;
    return prepareContent(content, "tool", text, contentCharsMax);
  }

  decision(session: SessionState, turn: TurnState | undefined, facts: DecisionFacts): CallState {
    const prepared = this.prepare(facts.arguments);
    const attributes = toolIdentity(facts.call, facts.tool);
    const content = createContentState();
    content.write(attributes, genAi.toolArguments, prepared);
    content.write(attributes, custody.decisionReason, this.prepare(facts.reason || undefined));
    content.close(attributes);
    const at = facts.at ?? this.#recorder.now();
    const decision = this.#recorder.mark("decision", {
      name: `decide ${facts.tool}`,
      at: placeOf(session, turn, facts.parent),
      start: at,
      attributes,
      inferred: facts.inferred,
    });
    // The attempt may have been recorded before the decision, in the middle of a streamed answer.
    const earlier = openCall(session, facts.call);
    const state: CallState = {
      call: facts.call,
      tool: facts.tool,
      arguments: facts.arguments,
      prepared,
      decidedAt: at,
      turn,
      decision,
      attempt: earlier?.attempt,
      verdict: earlier?.verdict,
      observed: false,
    };
    rememberCall(session, state);
    return state;
  }

  beginAttempt(session: SessionState, turn: TurnState | undefined, facts: AttemptFacts): Attempt {
    const known = openCall(session, facts.call);
    const decided = known !== undefined && known.arguments === facts.arguments;
    const prepared = decided ? known.prepared : this.prepare(facts.arguments);
    const attributes = toolIdentity(facts.call, facts.tool);
    attributes.push(genAi.operation, "execute_tool");
    put(attributes, custody.toolKind, facts.kind);
    const content = createContentState();
    content.write(attributes, genAi.toolArguments, prepared);
    const span = this.#recorder.begin("tool_call", {
      name: `execute_tool ${facts.tool}`,
      at: placeOf(session, turn, undefined),
      ...(facts.start === undefined ? {} : { start: facts.start }),
      attributes,
      inferred: facts.inferred,
      follows: known?.decision,
    });
    if (known !== undefined) known.attempt = span.context;
    else rememberCall(session, undecided(facts, prepared, turn, span));
    return { span, content };
  }

  endAttempt(attempt: Attempt, outcome: OutcomeFacts): void {
    const { span, content } = attempt;
    content.write(span.attributes, genAi.toolResult, outcome.result);
    content.close(span.attributes);
    put(span.attributes, custody.toolStatus, outcome.status);
    put(span.attributes, custody.toolSuccess, outcome.success);
    put(span.attributes, custody.toolExitCode, outcome.exitCode);
    span.end({ errorType: outcome.errorType });
  }

  observation(session: SessionState, turn: TurnState | undefined, facts: ObservationFacts): void {
    const prepared = facts.prepared ?? this.prepare(facts.text);
    const attributes = facts.call === undefined ? [] : toolIdentity(facts.call, facts.tool);
    put(attributes, custody.observationBytes, Buffer.byteLength(facts.text));
    put(attributes, custody.observationDigest, digestOf(facts.text));
    put(attributes, custody.observationTrust, facts.trust);
    const content = createContentState();
    const excerpt = excerptOf(prepared, limits.excerptCharsMax);
    content.write(attributes, custody.observationExcerpt, excerpt);
    content.close(attributes);
    const state = facts.call === undefined ? undefined : openCall(session, facts.call);
    if (state !== undefined) settleCall(session, state);
    this.#recorder.mark("observation", {
      name: facts.tool === undefined ? "observe" : `observe ${facts.tool}`,
      at: placeOf(session, turn, state?.attempt),
      attributes,
      inferred: facts.inferred,
    });
  }

  approval(session: SessionState, turn: TurnState | undefined, facts: ApprovalFacts): void {
    const call = facts.call === undefined ? undefined : openCall(session, facts.call);
    if (call !== undefined && facts.verdict !== undefined) call.verdict = facts.verdict;
    const attributes = facts.call === undefined ? [] : toolIdentity(facts.call, call?.tool);
    put(attributes, custody.approvalVerdict, facts.verdict);
    put(attributes, custody.approvalBy, facts.by);
    put(attributes, custody.approvalScope, facts.scope);
    put(attributes, custody.approvalApprover, facts.approver);
    const raw = facts.raw === undefined ? undefined : maskSecrets(facts.raw).text;
    put(attributes, custody.approvalRaw, raw);
    this.#recorder.mark("approval", {
      name: call === undefined ? "approve" : `approve ${call.tool}`,
      at: placeOf(session, turn ?? call?.turn, call?.decision),
      attributes,
    });
  }
}

/** A call of which only the attempt is known: its decision was made where we do not look, or is still to come. */
function undecided(
  facts: AttemptFacts,
  prepared: Prepared | undefined,
  turn: TurnState | undefined,
  span: OpenSpan,
): CallState {
  return {
    call: facts.call,
    tool: facts.tool,
    arguments: facts.arguments,
    prepared,
    decidedAt: span.start,
    turn,
    decision: undefined,
    attempt: span.context,
    verdict: undefined,
    observed: false,
  };
}

function toolIdentity(call: string, tool: string | undefined): AttributeList {
  const identity: AttributeList = [custody.callId, call, genAi.toolCallId, call];
  put(identity, genAi.toolName, tool);
  return identity;
}

function digestOf(text: string): string {
  return `sha256:${hash("sha256", text)}`;
}
