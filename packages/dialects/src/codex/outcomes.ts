import type { ApprovedBy, CallStatus } from "@custody/model";

/** What the words of a failed tool result say happened. */
export interface Outcome {
  readonly status: CallStatus;
  /** False where the words say that nothing was ever run. */
  readonly ran: boolean;
  /** Who refused, where no `tool_decision` is written for such a refusal: the approval is then inferred from the words. */
  readonly refusedBy?: ApprovedBy;
  /** True where a tool could have written the same words itself. */
  readonly forgeable?: boolean;
  readonly errorType?: string;
}

/** The text inside `<tool> failed: <Kind> { message: "…" }`, in which a rejection is written `Rejected(\"…\")`. */
const failure = /^[\w.:-]+ failed: \w+ \{ message: "(?:Rejected\(\\")?([\s\S]*?)(?:\\"\))?" \}$/;

type Row = readonly [words: RegExp, outcome: Outcome];

/**
 * Codex says in prose why a call did not run (agent-telemetry 1.4). Every pattern is ours, anchored, and linear in the length of the text;
 * the text is the agent's own, except where `forgeable` says that a tool's answer reads the same.
 */
const rows: readonly Row[] = [
  [/^(?:(?:exec command |patch )?rejected by user)$/, { status: "denied", ran: false }],
  [/^This action was rejected due to unacceptable risk\./, { status: "denied", ran: false }],
  [
    /^approval policy is Never; reject command/,
    { status: "denied", ran: false, refusedBy: "policy" },
  ],
  [
    /^patch rejected: [^\n]*; rejected by user approval settings$/,
    { status: "denied", ran: false, refusedBy: "policy" },
  ],
  [/^`[\s\S]*` rejected: /, { status: "blocked", ran: false, refusedBy: "policy" }],
  [/^Command blocked by PreToolUse hook: /, { status: "denied", ran: false, refusedBy: "hook" }],
  [/^Network access to \\?"[^"\n]*" was blocked: /, { status: "blocked", ran: true }],
  [/^unsupported call: /, { status: "error", ran: false, errorType: "unsupported_call" }],
  [/^aborted by user/, { status: "unknown", ran: true, errorType: "aborted" }],
  [/^command timed out after /, { status: "timeout", ran: true }],
  [
    /^Exit code: 124\nWall time: [\d.]+ seconds\nOutput:\ncommand timed out after /,
    { status: "timeout", ran: true, forgeable: true },
  ],
  [
    /^Wall time: [\d.]+ seconds\nOutput:\nuser (?:rejected|cancelled) MCP tool call$/,
    { status: "denied", ran: false, forgeable: true },
  ],
];

const failed: Outcome = { status: "error", ran: true };
const executed: Outcome = { status: "executed", ran: true };
const unsaid: Outcome = { status: "unknown", ran: true };

/** How 0.96 prints the answer of an MCP tool that calls itself an error. What the tool wrote stands before it, between quotes. */
const mcpError = /^Ok\(CallToolResult \{[\s\S]* is_error: Some\(true\), meta: None \}\)$/;

/**
 * `success` is Codex's own word for "the tool answered": it is true for a command that exited with any code. Releases up to 0.96 call one
 * that exited non-zero a failure; it ran all the same, and its header says how it ended.
 */
export function outcomeOf(success: boolean | undefined, output: string): Outcome {
  if (success === undefined) return unsaid;
  if (success) return mcpError.test(output) ? failed : executed;
  const words = failure.exec(output)?.[1] ?? output;
  const row = rows.find(([pattern]) => pattern.test(words));
  return row?.[1] ?? (exitCodeOf(output) === undefined ? failed : executed);
}

/** Headers that Codex puts before what a command printed; only there is a code its own statement. */
const exitCodes: readonly RegExp[] = [
  /^Chunk ID: \w+\nWall time: [\d.]+ seconds\nProcess exited with code (-?\d{1,10})\n/,
  /^Exit code: (-?\d{1,10})\nWall time: /,
  /^\{"output":[\s\S]*,"metadata":\{"exit_code":(-?\d{1,10}),"duration_seconds":[\d.]+\}\}$/,
];

/** The exit code where the agent states one; a command that is still running, or was cut short, has none. */
export function exitCodeOf(output: string): number | undefined {
  for (const pattern of exitCodes) {
    const code = pattern.exec(output)?.[1];
    if (code !== undefined) return Number(code);
  }
  return undefined;
}
