import type { ActionLog, OutcomeFacts } from "./action-log.ts";
import type { ToolOutcome } from "./agent-input.ts";
import { errorTypeOf } from "./error-type.ts";
import { countOf, fieldsOf, jsonOf } from "./shape.ts";

/** A tool that returned: it ran, and what it said of itself goes before what we read off its value. */
export function outcomeOf(value: unknown, stated: ToolOutcome, log: ActionLog): OutcomeFacts {
  const exitCode = stated.exitCode ?? exitCodeOf(value);
  return {
    status: stated.status ?? "executed",
    success: stated.success ?? (exitCode === undefined ? true : exitCode === 0),
    exitCode,
    result: log.prepare(textOfContent(value)),
  };
}

/** A tool that threw. Its message is what the model will most likely be shown, so it is the result. */
export function failureOf(reason: unknown, stated: ToolOutcome, log: ActionLog): OutcomeFacts {
  return {
    status: stated.status ?? "error",
    success: stated.success ?? false,
    exitCode: stated.exitCode ?? exitCodeOf(reason),
    result: log.prepare(reason instanceof Error ? reason.message : textOfContent(reason)),
    errorType: errorTypeOf(reason),
  };
}

/** What a value is as text: text as it is, everything else as JSON, and nothing as nothing. */
export function textOfContent(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === "string" ? value : jsonOf(value);
}

function exitCodeOf(value: unknown): number | undefined {
  const fields = fieldsOf(value);
  const code = countOf(fields?.["exitCode"] ?? fields?.["exit_code"]);
  return Number.isInteger(code) ? code : undefined;
}
