import { type ApprovalWords, approvalWords, type CallStatus, type SpanView } from "@custody/model";
import { filled } from "../attributes.ts";

/** What became of a call, as the status and the exception of its span tell it. */
export interface Outcome {
  readonly status: CallStatus;
  readonly success?: boolean;
  readonly errorType?: string;
  /** Who refused, where the exception is a refusal. */
  readonly refusal?: ApprovalWords;
}

const statusError = 2;

/** Exceptions of a call that was cut short: whether it had an effect nobody can say. */
const interruptions: ReadonlySet<string> = new Set(["AbortError", "InterruptedException"]);

/** Effect writes the type of what failed into an exception; a span that failed without one only failed. */
export function outcomeOf(item: SpanView): Outcome {
  if (item.statusCode !== statusError) return { status: "executed" };
  const errorType = exceptionOf(item) ?? "error";
  const refusal = approvalWords("opencode", errorType, "");
  if (refusal !== undefined) return { status: "denied", success: false, errorType, refusal };
  return {
    status: interruptions.has(errorType) ? "unknown" : "error",
    success: false,
    errorType,
  };
}

export function exceptionOf(item: SpanView): string | undefined {
  const event = item.events().find(({ name }) => name === "exception");
  return event === undefined ? undefined : filled(event.attributes, "exception.type");
}
