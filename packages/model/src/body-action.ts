import type { FactState } from "./body-session.ts";

export const toolKinds = [
  "exec",
  "fs",
  "net",
  "mcp",
  "pkg",
  "vcs",
  "browser",
  "agent",
  "other",
] as const;
export type ToolKind = (typeof toolKinds)[number];

export const verdicts = ["allow", "deny", "ask", "abort", "timeout", "modified"] as const;
export type Verdict = (typeof verdicts)[number];

export const approvers = ["human", "policy", "hook", "auto_reviewer", "unknown", "none"] as const;
export type ApprovedBy = (typeof approvers)[number];

export const scopes = ["once", "session", "location", "standing"] as const;
export type Scope = (typeof scopes)[number];

/** What a tool call did: `denied` = an approval said no; `blocked` = sandbox, rule or proxy stopped it; `executed` also with a non-zero exit. */
export const callStatuses = [
  "started",
  "executed",
  "blocked",
  "denied",
  "error",
  "timeout",
  "unknown",
] as const;
export type CallStatus = (typeof callStatuses)[number];

/** Facts read off the arguments by `context` when the record is stamped; no record but this one is needed for them. */
export interface CallFacts {
  /** Host names that occur in the arguments, lower case, at most `limits.bodyListItemsMax`. */
  readonly hosts?: readonly string[];
  /** Risk words of the classifier named in `classifier`, for example `network`, `package_install`, `outside_workspace`. */
  readonly risk?: readonly string[];
  readonly classifier?: string;
  /** Keyed digest of (tool, arguments): binds an approval to the action it was given for. */
  readonly action_digest?: string;
}

export interface ActionBodies {
  /** sd: `arguments`, `reason` */
  readonly decision: CallFacts & {
    readonly tool: string;
    readonly kind: ToolKind;
    readonly namespace?: string;
    readonly arguments_state: FactState;
    readonly reason_state?: FactState;
    readonly inferred?: boolean;
  };
  /** sd: `reason`; of an authority's, `arguments`: what was shown to it */
  readonly approval: {
    readonly verdict: Verdict;
    readonly by: ApprovedBy;
    readonly scope: Scope;
    /** The source's own words, for example `approved/Config`. */
    readonly raw: string;
    readonly tool?: string;
    readonly approver?: string;
    /** Who asked, where the channel says so. */
    readonly requester?: string;
    readonly action_digest?: string;
    readonly grant?: string;
    readonly expires?: string;
    readonly decided_at?: string;
    readonly latency_ms?: number;
    readonly mode?: string;
    /** True on the dialect's one primary record per (session, call, verdict, by). */
    readonly primary: boolean;
  };
  /** sd: `arguments`, `output`, `error` */
  readonly tool_call: CallFacts & {
    readonly event: "start" | "result";
    readonly tool: string;
    readonly kind: ToolKind;
    readonly namespace?: string;
    readonly status: CallStatus;
    readonly success?: boolean;
    readonly exit_code?: number;
    readonly duration_ms?: number;
    /** When execution began, where known; absent if it never did. */
    readonly exec_start?: string;
    /**
     * True where `exec_start` and `duration_ms` count from the dispatch of the call and so include any wait for an approval (Codex):
     * an approval may then be later than `exec_start`, and is compared with the record's own time.
     */
    readonly wait_included?: boolean;
    readonly arguments_state: FactState;
    readonly error_type?: string;
    readonly mcp_server?: string;
    readonly agent_path?: string;
    readonly primary: boolean;
    readonly inferred?: boolean;
  };
  /** sd: `content` */
  readonly observation: {
    readonly state: FactState;
    readonly trust: "tool_output" | "user" | "repo" | "web" | "mcp" | "unknown";
    readonly bytes?: number;
    /** Keyed digest of the whole content as received. */
    readonly digest?: string;
    readonly truncated?: boolean;
    readonly labels?: readonly string[];
  };
}
