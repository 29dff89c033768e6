import { at, jsonText, textAt } from "../json-path.ts";
import { type Outcome, outcomeOf } from "./outcomes.ts";

/** A call as the agent's scheduler holds it, in the JSON that a span keeps of it. */
export interface ToldCall {
  readonly id: string | undefined;
  readonly tool: string;
  readonly arguments: string | undefined;
  /** The outcome of the confirmation itself, which an event only tells through a table. */
  readonly decision: string | undefined;
  readonly success: boolean | undefined;
  readonly errorType: string | undefined;
  readonly error: string | undefined;
  readonly exitCode: number | undefined;
  readonly server: string | undefined;
  readonly durationMs: number | undefined;
  readonly mode: string | undefined;
  /** Whether it was cancelled, and so may or may not have begun. */
  readonly cancelled: boolean;
  readonly output: string | undefined;
  readonly outcome: Outcome;
}

/** Undefined where the value is no call: cut by its source, or of a release that says it otherwise. */
export function toldCall(value: unknown): ToldCall | undefined {
  const tool = textAt(value, "request", "name");
  const status = textAt(value, "status");
  if (tool === undefined || status === undefined) return undefined;
  const decision = textAt(value, "outcome");
  const errorType = textAt(value, "response", "errorType");
  const answer = answerOf(value);
  const error = textAt(answer, "error");
  const success = status === "success";
  const isCancelled = status === "cancelled";
  return {
    id: textAt(value, "request", "callId"),
    tool,
    arguments: jsonText(at(value, "request", "args")),
    decision,
    success,
    errorType,
    error,
    exitCode: wholeAt(value, "response", "data", "exitCode"),
    server: serverOf(tool, textAt(value, "tool", "displayName")),
    durationMs: wholeAt(value, "durationMs"),
    mode: textAt(value, "approvalMode"),
    cancelled: isCancelled,
    output: textAt(answer, "output") ?? error,
    // Of a call that was cancelled the scheduler keeps words for the model, which are no error of the call.
    outcome: outcomeOf({ success, decision, errorType, error: isCancelled ? undefined : error }),
  };
}

/** What the model gets back: the first part that answers the call. */
function answerOf(value: unknown): unknown {
  const parts = at(value, "response", "responseParts");
  return at(Array.isArray(parts) ? (parts[0] as unknown) : parts, "functionResponse", "response");
}

/** A span names the server of a tool in the words it is shown with alone; they count where the tool's own name agrees. */
function serverOf(tool: string, shown: string | undefined): string | undefined {
  const server = / \(([^()]{1,200}) MCP Server\)$/.exec(shown ?? "")?.[1];
  return server !== undefined && tool.startsWith(`mcp_${server}_`) ? server : undefined;
}

function wholeAt(value: unknown, ...path: readonly string[]): number | undefined {
  const here = at(value, ...path);
  return typeof here === "number" && Number.isSafeInteger(here) && here >= 0 ? here : undefined;
}
