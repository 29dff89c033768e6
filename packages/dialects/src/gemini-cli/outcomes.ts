import type { CallStatus } from "@custody/model";

/** What an event or a span says of how a call ended. */
export interface Ending {
  readonly success: boolean | undefined;
  /** The agent's word for the verdict; undefined where it recorded none. */
  readonly decision: string | undefined;
  readonly errorType: string | undefined;
  readonly error: string | undefined;
}

export interface Outcome {
  readonly status: CallStatus;
  /** Whether execution began; undefined where it cannot be said. */
  readonly ran: boolean | undefined;
  /** Who refused, where it was refused without a verdict. `concluded`: from the words of an error, not from its type. */
  readonly refused?: { readonly by: "policy" | "hook"; readonly concluded: boolean };
}

/** Types of errors that the agent's scheduler gives before it runs anything. What is not here is the tool's own failure. */
const neverStarted: ReadonlyMap<string, Outcome> = new Map<string, Outcome>([
  ["tool_not_registered", { status: "error", ran: false }],
  ["invalid_tool_params", { status: "error", ran: false }],
  ["sandbox_expansion_required", { status: "blocked", ran: false }],
]);

/** The scheduler writes these before the reason of whoever refused. */
const blockedByHook = "Tool execution blocked: ";
const nobodyToAsk = "requires user confirmation, which is not supported in non-interactive mode.";

const verdictType = "policy_violation";
const stoppedType = "stop_execution";

/** A call that got a verdict was past the policy and every hook before it, so only what happened later can have ended it. */
export function outcomeOf(ending: Ending): Outcome {
  const { success, decision, errorType, error } = ending;
  if (success === true) return { status: "executed", ran: true };
  if (errorType === verdictType) {
    const by = error?.startsWith(blockedByHook) ? "hook" : "policy";
    return { status: "denied", ran: false, refused: { by, concluded: false } };
  }
  const known = errorType === undefined ? undefined : neverStarted.get(errorType);
  if (known !== undefined) return known;
  if (decision === undefined && errorType === stoppedType) {
    return { status: "denied", ran: false, refused: { by: "hook", concluded: true } };
  }
  if (decision === undefined && error?.endsWith(nobodyToAsk)) {
    return { status: "denied", ran: false, refused: { by: "policy", concluded: true } };
  }
  if (errorType === undefined && error === undefined) return cancelled(ending);
  return { status: "error", ran: true };
}

/** Of a call that was cancelled no error is told, only that it did not succeed. */
function cancelled({ success, decision }: Ending): Outcome {
  const isRefused = decision === "reject" || decision === "cancel";
  if (success === false && isRefused) return { status: "denied", ran: false };
  return { status: "unknown", ran: undefined };
}
