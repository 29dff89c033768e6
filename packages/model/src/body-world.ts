/** What observers and authorities say about the world outside the agent. */
export interface WorldBodies {
  readonly egress: {
    readonly host: string;
    readonly port: number;
    readonly protocol: string;
    readonly method?: string;
    readonly action: "allowed" | "denied" | "asked";
    readonly rule?: string;
    readonly reason?: string;
    /** Who saw it: from the credential, never from the payload. */
    readonly via: "proxy" | "sandbox_net" | "agent";
    readonly policy_digest?: string;
    readonly bytes_out?: number;
    readonly bytes_in?: number;
    readonly client?: string;
    /** The proxy's id of the command execution that made the request. */
    readonly execution?: string;
    readonly override?: boolean;
    readonly sandbox?: string;
  };
  readonly sandbox: {
    readonly event: "start" | "change" | "stop" | "violation" | "outcome";
    readonly sandbox?: string;
    readonly profile?: string;
    readonly mode?: string;
    readonly backend?: string;
    readonly config_digest?: string;
    /** From the credential: `runtime` for an observer, `agent` otherwise. */
    readonly attested_by: "runtime" | "agent";
    readonly escapes_allowed?: boolean;
    readonly network?: string;
    readonly outcome?: "denied" | "escalated" | "signal" | "timed_out";
    readonly violation?: {
      readonly kind: string;
      readonly target?: string;
      readonly result?: string;
    };
    readonly initial_duration_ms?: number;
    readonly escalated_duration_ms?: number;
  };
  readonly policy: {
    readonly event: "proposed" | "approved";
    readonly kind: PolicyKind;
    readonly name: string;
    readonly version: number;
    /** SHA-256 of the canonical document, hex. */
    readonly digest: string;
    readonly author: string;
    readonly approver?: string;
    readonly effective_from?: string;
    readonly effective_to?: string;
    readonly change_ref?: string;
    /** The document itself, integers and ASCII keys only, on the proposing record. */
    readonly document?: Readonly<Record<string, unknown>>;
    /** True on defaults shipped with the product: visible, and never approved by anybody. */
    readonly shipped_default?: boolean;
  };
  readonly change: {
    readonly repo: string;
    readonly commit: string;
    readonly pr?: string;
    readonly tree_digest?: string;
    readonly reviewers?: readonly string[];
    readonly checks_passed?: boolean;
    readonly merged_by?: string;
    readonly merged_ts?: string;
  };
}

export const policyKinds = [
  "egress",
  "approval",
  "sandbox",
  "roles",
  "principals",
  "tiers",
  "agents",
  "agent_policy",
  "components",
  "waivers",
] as const;
export type PolicyKind = (typeof policyKinds)[number];
