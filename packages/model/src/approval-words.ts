import type { ApprovedBy, Scope, Verdict } from "./body-action.ts";

/** The words of one source for one approval, in our vocabulary. */
export interface ApprovalWords {
  readonly verdict: Verdict;
  readonly by: ApprovedBy;
  readonly scope: Scope;
}

type Row = readonly [dialect: string, decision: string, source: string, Verdict, ApprovedBy, Scope];

/**
 * The one mapping table (agent-telemetry 15.1). `*` matches any word; the first row that matches wins, so exact rows stand first.
 * A model's approval is never a human's. The set of words is open: what no row matches is `unknown` and is counted.
 */
const table: readonly Row[] = [
  ["codex", "approved", "User", "allow", "human", "once"],
  ["codex", "approved", "Config", "allow", "policy", "once"],
  ["codex", "approved", "AutomatedReviewer", "allow", "auto_reviewer", "once"],
  ["codex", "approved_for_session", "User", "allow", "human", "session"],
  ["codex", "approved_for_session", "*", "allow", "unknown", "session"],
  ["codex", "approved_with_amendment", "User", "allow", "human", "standing"],
  ["codex", "approved_with_amendment", "Config", "allow", "policy", "standing"],
  ["codex", "approved_mcp_policy_amendment", "User", "allow", "human", "standing"],
  ["codex", "approved_with_network_policy_allow", "User", "allow", "human", "standing"],
  ["codex", "denied", "User", "deny", "human", "once"],
  ["codex", "denied", "Config", "deny", "policy", "once"],
  ["codex", "denied", "AutomatedReviewer", "deny", "auto_reviewer", "once"],
  ["codex", "denied_with_network_policy_deny", "User", "deny", "human", "standing"],
  ["codex", "timed_out", "User", "timeout", "human", "once"],
  ["codex", "timed_out", "AutomatedReviewer", "timeout", "auto_reviewer", "once"],
  ["codex", "timed_out", "*", "timeout", "unknown", "once"],
  ["codex", "abort", "User", "abort", "human", "once"],
  ["codex", "abort", "AutomatedReviewer", "abort", "auto_reviewer", "once"],
  ["codex", "abort", "*", "abort", "unknown", "once"],
  // Releases before the words had underscores (0.96).
  ["codex", "approvedforsession", "User", "allow", "human", "session"],
  ["codex", "approvedforsession", "*", "allow", "unknown", "session"],
  ["codex", "approvedexecpolicyamendment", "User", "allow", "human", "standing"],
  ["codex", "approvedexecpolicyamendment", "*", "allow", "unknown", "standing"],
  ["claude-code", "accept", "config", "allow", "policy", "once"],
  ["claude-code", "reject", "config", "deny", "policy", "once"],
  ["claude-code", "accept", "hook", "allow", "hook", "once"],
  ["claude-code", "reject", "hook", "deny", "hook", "once"],
  ["claude-code", "accept", "classifier", "allow", "auto_reviewer", "once"],
  ["claude-code", "reject", "classifier", "deny", "auto_reviewer", "once"],
  ["claude-code", "accept", "user_temporary", "allow", "human", "once"],
  // Also what is said of every call that an allow rule in the user's settings lets through, when nobody was asked (test/real).
  ["claude-code", "accept", "user_permanent", "allow", "unknown", "standing"],
  ["claude-code", "reject", "user_reject", "deny", "human", "once"],
  ["claude-code", "reject", "user_abort", "abort", "human", "once"],
  ["claude-code", "accept", "*", "allow", "unknown", "once"],
  ["claude-code", "reject", "*", "deny", "unknown", "once"],
  // The SDK says "rejected by user" of whatever called `reject()`: code may have.
  ["openai-agents", "rejected", "needsApproval", "deny", "unknown", "once"],
  ["openai-agents", "triggered", "guardrail", "deny", "policy", "once"],
  ["openai-agents", "passed", "guardrail", "allow", "policy", "once"],
  ["openinference", "triggered", "guardrail", "deny", "policy", "once"],
  ["openinference", "passed", "guardrail", "allow", "policy", "once"],
  ["traceloop", "FAILED", "guardrail", "deny", "policy", "once"],
  ["traceloop", "PASSED", "guardrail", "allow", "policy", "once"],
  // `approved` may be a rule's as well as a person's: only a refusal at the prompt says who gave it.
  ["copilot", "approved", "*", "allow", "unknown", "once"],
  ["copilot", "approved-for-session", "*", "allow", "unknown", "session"],
  ["copilot", "approved-for-location", "*", "allow", "unknown", "location"],
  ["copilot", "denied-by-rules", "*", "deny", "policy", "once"],
  ["copilot", "denied-by-permission-request-hook", "*", "deny", "hook", "once"],
  ["copilot", "denied-by-content-exclusion-policy", "*", "deny", "policy", "once"],
  ["copilot", "denied-interactively-by-user", "*", "deny", "human", "once"],
  ["copilot", "cancelled", "*", "abort", "unknown", "once"],
  [
    "copilot",
    "denied-no-approval-rule-and-could-not-request-from-user",
    "*",
    "deny",
    "policy",
    "once",
  ],
  ["gemini-cli", "accept", "*", "allow", "unknown", "once"],
  ["gemini-cli", "auto_accept", "*", "allow", "unknown", "session"],
  ["gemini-cli", "modify", "*", "modified", "human", "once"],
  ["gemini-cli", "reject", "ran", "allow", "human", "standing"],
  ["gemini-cli", "reject", "ran headless", "allow", "unknown", "standing"],
  ["gemini-cli", "reject", "*", "deny", "unknown", "once"],
  ["gemini-cli", "proceed_once", "*", "allow", "unknown", "once"],
  ["gemini-cli", "proceed_always", "*", "allow", "human", "session"],
  ["gemini-cli", "proceed_always_server", "*", "allow", "human", "session"],
  ["gemini-cli", "proceed_always_tool", "*", "allow", "human", "session"],
  ["gemini-cli", "proceed_always_and_save", "*", "allow", "human", "standing"],
  ["gemini-cli", "modify_with_editor", "*", "modified", "human", "once"],
  ["gemini-cli", "cancel", "*", "deny", "human", "once"],
  // The AI SDK says what the application answered, never whom it asked.
  ["vercel-ai", "approved", "*", "allow", "unknown", "once"],
  ["vercel-ai", "denied", "*", "deny", "unknown", "once"],
  // Proposals of the GenAI conventions, in development: a guardrail's action before its verdict, and the action gate (agent-telemetry 10.5).
  ["genai", "allow", "guardrail", "allow", "policy", "once"],
  ["genai", "warn", "guardrail", "allow", "policy", "once"],
  ["genai", "deny", "guardrail", "deny", "policy", "once"],
  ["genai", "block", "guardrail", "deny", "policy", "once"],
  ["genai", "modify", "guardrail", "modified", "policy", "once"],
  ["genai", "escalate", "guardrail", "ask", "policy", "once"],
  ["genai", "allow", "gate", "allow", "policy", "once"],
  ["genai", "simulate", "gate", "modified", "policy", "once"],
  ["genai", "deny", "gate", "deny", "policy", "once"],
  ["qwen-code", "accept", "*", "allow", "unknown", "once"],
  ["qwen-code", "auto_accept", "*", "allow", "unknown", "once"],
  ["qwen-code", "modify", "*", "modified", "human", "once"],
  ["qwen-code", "reject", "*", "deny", "unknown", "once"],
  ["qwen-code", "proceed_once", "cli", "allow", "human", "once"],
  ["qwen-code", "proceed_once", "ide", "allow", "human", "once"],
  ["qwen-code", "proceed_always", "cli", "allow", "human", "session"],
  ["qwen-code", "proceed_always", "ide", "allow", "human", "session"],
  ["qwen-code", "cancel", "cli", "deny", "human", "once"],
  ["qwen-code", "cancel", "ide", "deny", "human", "once"],
  ["qwen-code", "aborted", "*", "abort", "unknown", "once"],
  ["qwen-code", "auto_approved", "*", "allow", "unknown", "once"],
  ["qwen-code", "error", "auto", "deny", "unknown", "once"],
  ["qwen-code", "error", "*", "abort", "unknown", "once"],
  // opencode writes no verdict but the exception of the span that failed.
  ["opencode", "PermissionDeniedError", "*", "deny", "policy", "once"],
  ["opencode", "PermissionV2.BlockedError", "*", "deny", "policy", "once"],
  ["opencode", "PermissionRejectedError", "*", "deny", "unknown", "once"],
  ["opencode", "PermissionCorrectedError", "*", "deny", "unknown", "once"],
  ["opencode", "PermissionV2.DeclinedError", "*", "deny", "unknown", "once"],
  ["opencode", "PermissionV2.CorrectedError", "*", "deny", "unknown", "once"],
  ["opencode", "ok", "*", "allow", "unknown", "once"],
  ["opencode", "allow", "rule", "allow", "policy", "once"],
  ["opencode", "deny", "rule", "deny", "policy", "once"],
  ["opencode", "ask", "rule", "ask", "policy", "once"],
];

/** Undefined where no row matches: the caller records the raw words with `by: "unknown"` and counts it. */
export function approvalWords(
  dialect: string,
  decision: string,
  source: string,
): ApprovalWords | undefined {
  const row = table.find(
    ([d, word, from]) => d === dialect && word === decision && (from === source || from === "*"),
  );
  return row && { verdict: row[3], by: row[4], scope: row[5] };
}
