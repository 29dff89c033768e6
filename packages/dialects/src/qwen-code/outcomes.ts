import type { ApprovedBy, CallStatus } from "@custody/model";

/** What an event or a span says of how a call ended. */
export interface Ending {
  readonly success: boolean | undefined;
  /** How execution itself ended; `not_started` where it never began. */
  readonly execution: string | undefined;
  /** The agent's word for the verdict; undefined where it recorded none. */
  readonly decision: string | undefined;
  readonly errorType: string | undefined;
  readonly error: string | undefined;
}

export interface Outcome {
  readonly status: CallStatus;
  /** Whether execution began; undefined where it cannot be said. */
  readonly ran: boolean | undefined;
  readonly exitCode?: number;
  /** Who refused, beside any verdict. `concluded`: from the order of the agent's checks or the words of an error. */
  readonly refused?: { readonly by: ApprovedBy; readonly concluded: boolean };
}

const deniedType = "execution_denied";
const notStarted = "not_started";

/** What the shell tool calls any command that did not end with 0. */
const shellFailure = "shell_execute_error";
const timeouts: ReadonlySet<string> = new Set(["timeout", "execution_timeout"]);

/** The words of the classifier that stands in for a human in the mode `auto`. */
const classifierWords = "Blocked by auto mode policy";

export function outcomeOf(ending: Ending): Outcome {
  const { success, execution, decision, errorType, error } = ending;
  if (success === true) return { status: "executed", ran: true };
  if (errorType === deniedType && execution !== undefined && execution !== notStarted) {
    // A hook stopped what came after: the tool itself had run by then.
    return { status: execution === "success" ? "executed" : "error", ran: true };
  }
  if (errorType === deniedType) return { status: "denied", ran: false, refused: refusedBy(ending) };
  if (execution === notStarted) {
    return { status: neverStarted(decision, errorType), ran: false };
  }
  if (errorType === shellFailure) return shellOutcome(error);
  if (errorType !== undefined && timeouts.has(errorType)) return { status: "timeout", ran: true };
  if (errorType === undefined && error === undefined) return { status: "unknown", ran: undefined };
  return { status: "error", ran: true };
}

function neverStarted(decision: string | undefined, errorType: string | undefined): CallStatus {
  if (decision === "reject") return "denied";
  return errorType === undefined ? "unknown" : "error";
}

/** Rules and modes refuse before anybody gives a verdict; what refuses after one is a hook before the tool. */
function refusedBy({ decision, error }: Ending): NonNullable<Outcome["refused"]> {
  if (error?.startsWith(classifierWords)) return { by: "auto_reviewer", concluded: true };
  if (decision === "reject") return { by: "unknown", concluded: false };
  return decision === undefined
    ? { by: "policy", concluded: false }
    : { by: "hook", concluded: true };
}

/** A command that ran and exited non-zero was executed (contract 5); one that has no exit code was not run to an end. */
function shellOutcome(text: string | undefined): Outcome {
  const exitCode = exitCodeOf(text);
  return exitCode === undefined
    ? { status: "error", ran: true }
    : { status: "executed", ran: true, exitCode };
}

const exitLabel = "\nExit Code: ";

/** The shell tool ends its report with lines of its own; a command that prints the same words stands above them. */
export function exitCodeOf(report: string | undefined): number | undefined {
  const at = report?.lastIndexOf(exitLabel) ?? -1;
  if (report === undefined || at < 0) return undefined;
  const tail = report.slice(at + exitLabel.length);
  const found = /^(-?\d{1,10})\nSignal: [^\n]*(?:\n[A-Z][A-Za-z ]{0,40}: [^\n]*)*$/.exec(tail);
  return found === null ? undefined : Number(found[1]);
}

/** Why a span says that its call failed (`tool.failure_kind`). What is not here is the tool's own failure. */
export const failureKinds: ReadonlyMap<string, Outcome> = new Map<string, Outcome>([
  ["pre_hook_blocked", denied("hook")],
  ["permission_hook_denied", denied("hook")],
  ["permission_denied", denied("policy")],
  ["plan_mode_blocked", denied("policy")],
  ["non_interactive_denied", denied("policy")],
  ["background_agent_denied", denied("policy")],
  ["invocation_guard_denied", denied("policy")],
  ["post_hook_stopped", { status: "executed", ran: true }],
  ["timeout", { status: "timeout", ran: true }],
  ["cancelled", { status: "unknown", ran: undefined }],
]);

function denied(by: ApprovedBy): Outcome {
  return { status: "denied", ran: false, refused: { by, concluded: false } };
}
