import type { ApprovedBy, Scope, ToolKind, Verdict } from "./body-action.ts";
import type { FactState } from "./body-session.ts";
import type { Grade } from "./record.ts";
import type { SourceLevel } from "./source-profile.ts";
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
  readonly sandbox: {
    readonly mode: string | null;
    readonly backend: string | null;
    readonly grade: Grade;
  } | null;
  readonly counts: SessionCounts;
  readonly tokens: {
    readonly input: number;
    readonly cached_input: number;
    readonly output: number;
    readonly reasoning: number;
  };
  readonly cost_usd: number | null;
  readonly fidelity: Readonly<Record<FidelityFact, FactState>>;
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

/** The facts of a source's profile under the names of the contract: those of `fidelity`, and what they rest on. */
export type ExplainedFact =
  | FidelityFact
  | "session"
  | "turn"
  | "decision"
  | "tool_call"
  | "exit_code"
  | "tokens";

/** Why one fact of a session is known, or is not. */
export interface FactExplanation {
  readonly fact: ExplainedFact;
  /** Where the fact is in `fidelity`, the same word. */
  readonly state: FactState;
  /** The best of what the session's agents can tell of it; null where nobody wrote down what they can. */
  readonly level: SourceLevel | null;
  readonly why: string;
  /** What would make it come next time; null where it came, or nothing would. */
  readonly remedy: string | null;
  /** What there was to tell: prompts, calls, answers of the model, flows. `unknown`: nobody could say. */
  readonly occasions: Readonly<Record<FactOccasions, number>>;
}

export type FactOccasions = "told" | "withheld" | "missing" | "unknown";

/** One who spoke in a session. */
export interface SessionSource {
  readonly speaker: "agent" | "observer" | "authority";
  /** The agent or library as people call it; the credential's subject of an observer or an authority. */
  readonly name: string;
  readonly dialect: string;
}

export interface FidelityView {
  readonly session: string;
  readonly agent: SessionView["agent"];
  readonly sources: readonly SessionSource[];
  readonly facts: readonly FactExplanation[];
}

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
  readonly findings: number;
}

export interface ApprovalView {
  readonly verdict: Verdict;
  readonly by: ApprovedBy;
  readonly scope: Scope;
  readonly approver: string | null;
  readonly raw: string;
  readonly at: string;
  readonly latency_ms: number | null;
  readonly grade: Grade;
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
  readonly sandbox: {
    readonly mode: string | null;
    readonly backend: string | null;
    readonly outcome: "denied" | "escalated" | "signal" | "timed_out" | null;
    readonly grade: Grade;
  } | null;
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
  readonly effects: readonly {
    readonly kind: "file" | "package" | "commit" | "host";
    readonly target: string;
    readonly grade: Grade;
  }[];
  readonly findings: readonly string[];
  readonly record_ids: readonly string[];
}

/** A page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}
