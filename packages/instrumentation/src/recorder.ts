import { randomBytes } from "node:crypto";
import type { HrTime, SpanContext } from "@opentelemetry/api";
import { type AttributeList, put } from "./attribute-list.ts";
import { type AuditKind, custody, genAi, type InferredWhy } from "./attributes.ts";
import type { Clock } from "./clock.ts";
import { spanKind } from "./otel.ts";
import type { Settings } from "./settings.ts";
import type { Tracing } from "./tracing.ts";

/** Which session and turn a span belongs to, and the span it hangs from. */
export interface Place {
  readonly session: string;
  readonly turn: string | undefined;
  readonly parent: SpanContext | undefined;
}

interface SpanInput {
  readonly name: string;
  readonly at: Place;
  /** Becomes the span's own list: do not use it again. */
  readonly attributes: AttributeList;
  readonly start?: HrTime;
  /** Set when the interval or the outcome was concluded, and not stated by the agent. */
  readonly inferred?: InferredWhy | undefined;
  readonly follows?: SpanContext | undefined;
}

interface SpanEnd {
  readonly end?: HrTime;
  /** A short class name or code, never a message: messages may carry content. */
  readonly errorType?: string | undefined;
}

export interface OpenSpan {
  readonly context: SpanContext;
  readonly start: HrTime;
  /** What is known only at the end is written here, before it. */
  readonly attributes: AttributeList;
  /** Ends the span. A second call does nothing. */
  end(end?: SpanEnd): void;
}

/** Makes audit spans: every one is numbered as it is made, before anything can lose it. */
export interface Recorder {
  now(): HrTime;
  begin(kind: AuditKind, input: SpanInput): OpenSpan;
  /** A fact with no duration of its own. */
  mark(kind: AuditKind, input: SpanInput): SpanContext;
}

export function createRecorder(tracing: Tracing, settings: Settings, clock: Clock): Recorder {
  const { name, version } = settings.agent;
  const epoch = randomBytes(8).toString("hex");
  let seq = 0;
  let common: { readonly session: string; readonly list: AttributeList } | undefined;
  const commonTo = (session: string): AttributeList => {
    if (common?.session === session) return common.list;
    const list: AttributeList = [custody.sessionId, session, genAi.conversation, session];
    list.push(custody.srcId, settings.srcId, custody.srcEpoch, epoch, genAi.agentName, name);
    put(list, genAi.agentVersion, version);
    common = { session, list };
    return list;
  };
  const describe = (kind: AuditKind, { at, inferred, attributes }: SpanInput): AttributeList => {
    attributes.push(custody.spanKind, kind, custody.srcSeq, seq);
    put(attributes, custody.turnId, at.turn);
    if (inferred !== undefined) {
      attributes.push(custody.inferred, true, custody.inferredWhy, inferred);
    }
    seq += 1;
    return attributes;
  };
  const begin = (kind: AuditKind, input: SpanInput): OpenSpan => {
    const start = input.start ?? clock();
    const attributes = describe(kind, input);
    const span = tracing.start({
      name: input.name,
      kind: kind === "inference" ? spanKind.client : spanKind.internal,
      startTime: start,
      common: commonTo(input.at.session),
      attributes,
      parent: input.at.parent,
      follows: input.follows,
    });
    let open = true;
    return {
      context: span.context,
      start,
      attributes,
      end({ end, errorType } = {}) {
        if (!open) return;
        open = false;
        put(attributes, genAi.errorType, errorType);
        span.end(errorType !== undefined, end ?? clock());
      },
    };
  };
  return {
    now: clock,
    begin,
    mark(kind, input) {
      const span = begin(kind, input);
      span.end({ end: span.start });
      return span.context;
    },
  };
}
