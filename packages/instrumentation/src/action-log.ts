import { createHash } from "node:crypto";
import type { Attributes, HrTime, SpanContext } from "@opentelemetry/api";
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
import { type ContentWriter, createContentWriter } from "./content.ts";
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

export interface DecisionFacts {
  readonly call: string;
  readonly tool: string;
  readonly arguments: string | undefined;
  readonly reason: string | undefined;
  readonly at?: HrTime;
  readonly parent?: SpanContext | undefined;
  readonly inferred?: InferredWhy | undefined;
}

export interface AttemptFacts {
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
  readonly result?: string | undefined;
  readonly errorType?: string | undefined;
}

export interface ObservationFacts {
  readonly call: string | undefined;
  readonly tool?: string | undefined;
  readonly text: string;
  readonly trust: Trust;
  readonly inferred?: InferredWhy | undefined;
}

export interface Attempt {
  readonly span: OpenSpan;
  /** One writer for arguments and result, so that the span's content state speaks of both. */
  readonly content: ContentWriter;
}

export interface ApprovalFacts {
  readonly call: string | undefined;
  readonly verdict: Verdict | undefined;
  readonly by: ApprovedBy;
  readonly scope: ApprovalScope;
  readonly approver: string | undefined;
  readonly raw: string | undefined;
}

/** Writes the spans of one action: what was decided, what was attempted, what was seen back. */
export interface ActionLog {
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

  decision(session: SessionState, turn: TurnState | undefined, facts: DecisionFacts): CallState {
    const content = createContentWriter(this.#settings.content);
    content.add(genAi.toolArguments, facts.arguments, "tool");
    content.add(custody.decisionReason, facts.reason || undefined, "tool");
    const at = facts.at ?? this.#recorder.now();
    const decision = this.#recorder.mark("decision", {
      name: `decide ${facts.tool}`,
      at: placeOf(session, turn, facts.parent),
      start: at,
      attributes: { ...toolIdentity(facts.call, facts.tool), ...content.attributes() },
      inferred: facts.inferred,
    });
    // The attempt may have been recorded before the decision, in the middle of a streamed answer.
    const earlier = openCall(session, facts.call);
    const state: CallState = {
      call: facts.call,
      tool: facts.tool,
      arguments: facts.arguments,
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
    const content = createContentWriter(this.#settings.content);
    content.add(genAi.toolArguments, facts.arguments, "tool");
    const known = openCall(session, facts.call);
    const span = this.#recorder.begin("tool_call", {
      name: `execute_tool ${facts.tool}`,
      at: placeOf(session, turn, undefined),
      ...(facts.start === undefined ? {} : { start: facts.start }),
      attributes: {
        [genAi.operation]: "execute_tool",
        ...toolIdentity(facts.call, facts.tool),
        ...(facts.kind === undefined ? {} : { [custody.toolKind]: facts.kind }),
        ...content.attributes(),
      },
      inferred: facts.inferred,
      follows: known?.decision,
    });
    if (known !== undefined) known.attempt = span.context;
    else rememberCall(session, undecided(facts, turn, span));
    return { span, content };
  }

  endAttempt(attempt: Attempt, outcome: OutcomeFacts): void {
    attempt.content.add(genAi.toolResult, outcome.result, "tool");
    const attributes: Attributes = {
      [custody.toolStatus]: outcome.status,
      ...attempt.content.attributes(),
    };
    if (outcome.success !== undefined) attributes[custody.toolSuccess] = outcome.success;
    if (outcome.exitCode !== undefined) attributes[custody.toolExitCode] = outcome.exitCode;
    attempt.span.end({ attributes, errorType: outcome.errorType });
  }

  observation(session: SessionState, turn: TurnState | undefined, facts: ObservationFacts): void {
    const content = createContentWriter(this.#settings.content);
    content.add(custody.observationExcerpt, facts.text, "tool", limits.excerptCharsMax);
    const state = facts.call === undefined ? undefined : openCall(session, facts.call);
    if (state !== undefined) settleCall(session, state);
    this.#recorder.mark("observation", {
      name: facts.tool === undefined ? "observe" : `observe ${facts.tool}`,
      at: placeOf(session, turn, state?.attempt),
      attributes: {
        ...(facts.call === undefined ? {} : toolIdentity(facts.call, facts.tool)),
        [custody.observationBytes]: Buffer.byteLength(facts.text),
        [custody.observationDigest]: digestOf(facts.text),
        [custody.observationTrust]: facts.trust,
        ...content.attributes(),
      },
      inferred: facts.inferred,
    });
  }

  approval(session: SessionState, turn: TurnState | undefined, facts: ApprovalFacts): void {
    const call = facts.call === undefined ? undefined : openCall(session, facts.call);
    if (call !== undefined && facts.verdict !== undefined) call.verdict = facts.verdict;
    const attributes: Attributes = {
      [custody.approvalBy]: facts.by,
      [custody.approvalScope]: facts.scope,
      ...(facts.call === undefined ? {} : toolIdentity(facts.call, call?.tool)),
    };
    if (facts.verdict !== undefined) attributes[custody.approvalVerdict] = facts.verdict;
    if (facts.approver !== undefined) attributes[custody.approvalApprover] = facts.approver;
    if (facts.raw !== undefined) attributes[custody.approvalRaw] = maskSecrets(facts.raw).text;
    this.#recorder.mark("approval", {
      name: call === undefined ? "approve" : `approve ${call.tool}`,
      at: placeOf(session, turn ?? call?.turn, call?.decision),
      attributes,
    });
  }
}

/** A call of which only the attempt is known: its decision was made where we do not look, or is still to come. */
function undecided(facts: AttemptFacts, turn: TurnState | undefined, span: OpenSpan): CallState {
  return {
    call: facts.call,
    tool: facts.tool,
    arguments: facts.arguments,
    decidedAt: span.start,
    turn,
    decision: undefined,
    attempt: span.context,
    verdict: undefined,
    observed: false,
  };
}

function toolIdentity(call: string, tool: string | undefined): Attributes {
  const identity: Attributes = { [custody.callId]: call, [genAi.toolCallId]: call };
  if (tool !== undefined) identity[genAi.toolName] = tool;
  return identity;
}

function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
