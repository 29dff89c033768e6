import type { HrTime, SpanContext } from "@opentelemetry/api";
import type { AttributeList } from "./attribute-list.ts";

/** What an audit span says of itself when it begins. */
interface SpanStart {
  readonly name: string;
  readonly kind: number;
  readonly startTime: HrTime;
  readonly parent: SpanContext | undefined;
  readonly follows: SpanContext | undefined;
  /** What all spans of a session and process share: one list, the same object for all of them. */
  readonly common: AttributeList;
  /** The span's own list: what is known at its end is added to it. */
  readonly attributes: AttributeList;
}

interface LiveSpan {
  readonly context: SpanContext;
  end(failed: boolean, endTime: HrTime): void;
}

/** Makes one span. Every span it is asked for is recorded, or the maker says once why not. */
export type StartSpan = (span: SpanStart) => LiveSpan;

export const scopeName = "@custody/instrumentation";
