import type { SandboxChange, SandboxCompared, SandboxViolation } from "./api-sandbox.ts";
import type { ApprovedBy, Scope, ToolKind, Verdict } from "./body-action.ts";
import type { FactState } from "./body-session.ts";
import type { ChangeView } from "./change-view.ts";
import type { EffectView } from "./effect-view.ts";
import type { Grade } from "./record.ts";
import type { CrossCheck } from "./tally.ts";

/** The shapes of contract section 5, `snake_case`, as the API answers them. */
export interface SessionView {
  readonly id: string;
  readonly agent: {
    readonly name: string;
    readonly version: string | null;
    readonly model: string | null;
  };
  readonly principal: string | null;
  readonly repo: string | null;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly status: "open" | "ended" | "unclean";
  /** False where an agent only reported that it started under this id: nothing was said or done yet. */
  readonly conversation: boolean;
  readonly approval_mode: string | null;
  readonly sandbox:
    | (SandboxCompared & {
        readonly mode: string | null;
        readonly backend: string | null;
        readonly grade: Grade;
        /** Within the session, each by one teller. */
        readonly changes: readonly SandboxChange[];
        /** How often something was stopped or seen at the walls. */
        readonly violations: number;
      })
    | null;
  readonly counts: SessionCounts;
  readonly tokens: {
    readonly input: number;
    readonly cached_input: number;
    readonly output: number;
    readonly reasoning: number;
  };
  readonly cost_usd: number | null;
  readonly fidelity: Readonly<Record<FidelityFact, FactState>>;
  /** Commits that observers of version control saw, the session's own and those that claim to be. */
  readonly changes: readonly ChangeView[];
  /** What the source's own metrics count beside these records; absent where none of them names this session. */
  readonly cross_check?: readonly CrossCheck[];
}

export type FidelityFact =
  | "prompt"
  | "arguments"
  | "results"
  | "approvals"
  | "sandbox"
  | "egress"
  | "identity";

export interface SessionCounts {
  readonly turns: number;
  readonly inferences: number;
  readonly decisions: number;
  readonly approvals: number;
  readonly tool_calls: number;
  readonly denied: number;
  readonly blocked: number;
  readonly observations: number;
  readonly egress_allowed: number;
  readonly egress_denied: number;
  /** Flows that an observer saw and no call explains, and those for which time alone speaks. */
  readonly egress_unexplained: number;
  readonly egress_weak: number;
  /** Commits that an observer saw and that the session's own agent tells of. */
  readonly commits: number;
  readonly findings: number;
}

/** What is to be known of a yes before one relies on it. Those that take it away are in `approval-standing.ts` of context. */
export const approvalCodes = [
  "replayed",
  "mutated",
  "expired",
  "late",
  "backdated",
  "heard_after_execution",
  "contested",
  "self_approved",
  "model_approver",
  "unnamed",
  "outside_role",
  "not_accepted",
] as const;
export type ApprovalCode = (typeof approvalCodes)[number];

/** How well it is known who said it, best first: a person's own key; a name the agent gives; a person without a name; no person. */
export const approverStrengths = [
  "authority_key",
  "named_by_agent",
  "unnamed_human",
  "none",
] as const;
export type ApproverStrength = (typeof approverStrengths)[number];

/**
 * How a standing yes is traced to the record that first gave it: it is that record itself; it names the grant; it is the earliest yes of a person
 * for the same tool, scope and session or principal; nothing heard gave it.
 */
export const originStates = ["own", "granted", "earliest", "missing"] as const;
export type OriginState = (typeof originStates)[number];

export interface ApprovalOrigin {
  readonly record: string;
  readonly at: string;
  readonly by: ApprovedBy;
  readonly approver: string | null;
  readonly grade: Grade;
}

export interface ApprovalView {
  readonly record: string;
  readonly verdict: Verdict;
  readonly by: ApprovedBy;
  readonly scope: Scope;
  readonly approver: string | null;
  readonly raw: string;
  readonly at: string;
  readonly latency_ms: number | null;
  readonly grade: Grade;
  /** How it came to this action where it names no call: by the digest of the action. */
  readonly match: {
    readonly method: string;
    readonly confidence: "high" | "medium" | "low";
  } | null;
  /** Whether a yes stands for this action under the approval policy in force; null of what permits nothing. */
  readonly standing: { readonly valid: boolean; readonly why: readonly ApprovalCode[] } | null;
  readonly approver_strength: ApproverStrength;
  /** Of a hook's verdict: whether an administrator put that hook there. No source says it. */
  readonly hook_managed: "unknown" | null;
  /** Of a yes for more than once: the record that first gave it. */
  readonly origin: ApprovalOrigin | null;
  readonly origin_state: OriginState | null;
}

export interface EgressView {
  readonly host: string;
  readonly port: number;
  readonly protocol: string;
  readonly action: "allowed" | "denied" | "asked";
  readonly rule: string | null;
  readonly reason: string | null;
  readonly bytes_out: number | null;
  readonly at: string;
  readonly match: { readonly method: string; readonly confidence: "high" | "medium" | "low" };
  readonly grade: Grade;
  readonly vantage: "enforcer" | null;
}

export interface ActionView {
  readonly id: string;
  readonly session: string;
  readonly turn: string | null;
  readonly call: string;
  readonly agent: string;
  readonly principal: string | null;
  readonly contested: boolean;
  readonly tool: string;
  readonly kind: ToolKind;
  readonly tier: number;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly duration_ms: number | null;
  readonly intent: {
    readonly arguments: string | null;
    readonly reason: string | null;
    readonly state: FactState;
  };
  readonly approvals: readonly ApprovalView[];
  readonly sandbox:
    | (SandboxCompared & {
        readonly mode: string | null;
        readonly backend: string | null;
        readonly outcome: "denied" | "escalated" | "signal" | "timed_out" | null;
        readonly grade: Grade;
        /** Of the outcome: `enforcer` where the agent's own enforcing part spoke. */
        readonly vantage: "enforcer" | null;
        /** The model asked to run it outside of the sandbox. */
        readonly asked_outside: boolean;
        readonly violations: readonly SandboxViolation[];
      })
    | null;
  readonly egress: readonly EgressView[];
  readonly outcome: {
    readonly status: "executed" | "blocked" | "denied" | "error" | "timeout" | "unknown";
    readonly success: boolean | null;
    readonly exit_code: number | null;
    readonly grade: Grade;
  };
  readonly observation: {
    readonly bytes: number | null;
    readonly digest: string | null;
    readonly excerpt: string | null;
    readonly trust: string;
    readonly state: FactState;
  } | null;
  readonly effects: readonly EffectView[];
  readonly findings: readonly string[];
  readonly record_ids: readonly string[];
}

/** A page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}
