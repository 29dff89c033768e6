import type {
  ApprovalScope,
  ApprovedBy,
  ToolKind,
  ToolStatus,
  Trust,
  Verdict,
} from "./attributes.ts";

export interface SessionOptions {
  /** Your conversation's own id; without one `CUSTODY_SESSION_ID`, else a random one. */
  readonly id?: string;
}

export interface Session {
  readonly id: string;
  /** Runs `work` so that everything it does, model requests included, belongs to this session. */
  run<T>(work: () => T): T;
  end(): void;
}

export interface TurnOptions {
  /** What the user asked. Kept only when prompts are captured. */
  readonly prompt?: string;
}

export interface DecisionInput {
  readonly tool: string;
  /** The id the model gave this call. Without one a new id is made; use it for what follows. */
  readonly call?: string;
  readonly arguments?: unknown;
  readonly reason?: string;
}

export interface Decision {
  readonly call: string;
}

export interface ApprovalInput {
  /** Without a call it is a grant for its scope. */
  readonly call?: string;
  readonly verdict: Verdict;
  readonly by: ApprovedBy;
  readonly scope?: ApprovalScope;
  /** Who decided, by the name your approvals know them by. */
  readonly approver?: string;
  /** The words of the approval channel itself. */
  readonly raw?: string;
}

export interface ToolInput {
  readonly name: string;
  readonly call?: string;
  readonly arguments?: unknown;
  readonly kind?: ToolKind;
}

export interface ToolOutcome {
  readonly status?: ToolStatus;
  readonly success?: boolean;
  readonly exitCode?: number;
}

export interface ToolAttempt {
  readonly call: string;
  /** Says how it went where the return value does not: blocked, timed out, an exit code. */
  outcome(outcome: ToolOutcome): void;
}

export interface ObservationInput {
  readonly content: unknown;
  readonly call?: string;
  readonly trust?: Trust;
}

export interface WrapOptions {
  /** The tool's name as the model knows it; the function's name by default. */
  readonly name?: string;
  readonly kind?: ToolKind;
}
