import { randomBytes } from "node:crypto";
import type { Attributes, HrTime, SpanContext } from "@opentelemetry/api";
import { type AuditKind, custody, genAi, type InferredWhy } from "./attributes.ts";
import type { Clock } from "./clock.ts";
import { spanKind, statusError } from "./otel.ts";
import type { Settings } from "./settings.ts";
import type { SpanStart, Tracing } from "./tracing.ts";

/** Which session and turn a span belongs to, and the span it hangs from. */
export interface Place {
  readonly session: string;
  readonly turn: string | undefined;
  readonly parent: SpanContext | undefined;
}

export interface SpanInput {
  readonly name: string;
  readonly at: Place;
  readonly attributes: Attributes;
  readonly start?: HrTime;
  /** Set when the interval or the outcome was concluded, and not stated by the agent. */
  readonly inferred?: InferredWhy | undefined;
  readonly follows?: SpanContext | undefined;
}

export interface SpanEnd {
  readonly attributes?: Attributes;
  readonly end?: HrTime;
  /** A short class name or code, never a message: messages may carry content. */
  readonly errorType?: string | undefined;
}

export interface OpenSpan {
  readonly context: SpanContext;
  readonly start: HrTime;
  /** Ends the span. A second call does nothing. */
  end(end?: SpanEnd): void;
}

/** Makes audit spans: every one is numbered as it is made, before anything can lose it. */
export interface Recorder {
  now(): HrTime;
  begin(kind: AuditKind, input: SpanInput): OpenSpan;
  /** A fact with no duration of its own. */
  mark(kind: AuditKind, input: SpanInput & SpanEnd): SpanContext;
  /** The number of spans made so far, which is also the next `custody.src.seq`. */
  count(): number;
}

export function createRecorder(tracing: Tracing, settings: Settings, clock: Clock): Recorder {
  const fixed: Attributes = {
    [custody.srcId]: settings.srcId,
    [custody.srcEpoch]: randomBytes(8).toString("hex"),
    [genAi.agentName]: settings.agent.name,
    ...(settings.agent.version === undefined
      ? {}
      : { [genAi.agentVersion]: settings.agent.version }),
  };
  let seq = 0;
  const begin = (kind: AuditKind, input: SpanInput): OpenSpan => {
    const start = input.start ?? clock();
    const attributes: Attributes = {
      [custody.spanKind]: kind,
      [custody.sessionId]: input.at.session,
      [genAi.conversation]: input.at.session,
      ...fixed,
      [custody.srcSeq]: seq,
      ...input.attributes,
    };
    seq += 1;
    if (input.at.turn !== undefined) attributes[custody.turnId] = input.at.turn;
    if (input.inferred !== undefined) {
      attributes[custody.inferred] = true;
      attributes[custody.inferredWhy] = input.inferred;
    }
    const description: SpanStart = {
      kind: kind === "inference" ? spanKind.client : spanKind.internal,
      startTime: start,
      attributes,
      ...(input.follows === undefined ? {} : { links: [{ context: input.follows }] }),
    };
    const span = tracing.start(input.name, description, input.at.parent);
    let open = true;
    return {
      context: span.spanContext(),
      start,
      end(end = {}) {
        if (!open) return;
        open = false;
        if (end.attributes !== undefined) span.setAttributes(end.attributes);
        if (end.errorType !== undefined) {
          span.setAttribute(genAi.errorType, end.errorType);
          span.setStatus({ code: statusError });
        }
        span.end(end.end ?? clock());
      },
    };
  };
  return {
    now: clock,
    begin,
    mark(kind, input) {
      const span = begin(kind, input);
      span.end({ end: span.start, ...input });
      return span.context;
    },
    count: () => seq,
  };
}
