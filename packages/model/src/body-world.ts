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
    /** A sensor's id of the process that sent it, of its parent, and when it began: RFC 3339 in our form. */
    readonly process?: string;
    readonly parent_process?: string;
    readonly process_start?: string;
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
    /** What runs it, in its own words: `docker/runc`, `kubernetes/gvisor`, `e2b`, `bubblewrap`. */
    readonly runtime?: string;
    readonly image?: string;
    /** As the runtime states it, for example `sha256:…`. */
    readonly image_digest?: string;
    readonly user?: string;
    readonly read_only_root?: boolean;
    /** Folders inside that may be written to. */
    readonly writable_roots?: readonly string[];
    /** Profile in force; `unconfined` where there is none. */
    readonly seccomp?: string;
    readonly apparmor?: string;
    readonly privileged?: boolean;
    /** Added to what the runtime gives every sandbox. */
    readonly capabilities?: readonly string[];
    /** `<source>:<destination>:<ro|rw>`, as far as the runtime tells them. */
    readonly mounts?: readonly string[];
    /** A socket of a container runtime is mounted: whoever reaches it owns the machine. */
    readonly runtime_socket?: boolean;
    /** Its own network addresses: what a proxy sees as its client. */
    readonly addresses?: readonly string[];
    readonly started_at?: string;
    /** What the runtime or its launcher says why something ended or was stopped. */
    readonly reason?: string;
    readonly exit_code?: number;
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
  /**
   * A commit, its merge or its deployment, or who wrote its lines, as version control shows it. What a trailer or an attribution says stands in text
   * that the agent may have written: an observer saw the commit, and `trailer_sessions`, `trace_sessions` and `agents` are still claims.
   * sd: `message`, `trailers`, `files` (JSON), `author`, `trace` (JSON)
   */
  readonly change: {
    readonly event: "commit" | "merge" | "deploy" | "trace";
    readonly repo?: string;
    /** The whole revision: a commit's hash, or what another system calls it. */
    readonly commit?: string;
    readonly vcs?: "git" | "jj" | "hg" | "svn";
    readonly parents?: readonly string[];
    readonly tree_digest?: string;
    readonly committed_ts?: string;
    readonly branch?: string;
    /** Whether the branch takes changes through a review only, by its own settings. */
    readonly protected?: boolean;
    /** The branch was moved to something that does not contain what it held. */
    readonly rewritten?: boolean;
    readonly files?: number;
    readonly added?: number;
    readonly removed?: number;
    readonly author_kind?: ContributorKind;
    readonly committer_kind?: ContributorKind;
    /** Agents that trailers, author or attribution name; `unlisted` for one that no table knows. */
    readonly agents?: readonly string[];
    readonly trailer_sessions?: readonly string[];
    readonly trace_sessions?: readonly string[];
    readonly trailers?: number;
    /** Lines of an attribution by who wrote them. */
    readonly lines?: Readonly<Partial<Record<"human" | "ai" | "mixed" | "unknown", number>>>;
    readonly models?: readonly string[];
    readonly pr?: string;
    readonly pr_host?: string;
    /** The commit that was reviewed; a squash or a merge makes another one of it. */
    readonly pr_head?: string;
    /** People who approved the merged head before it was merged. */
    readonly reviewers?: readonly string[];
    /** Machines and models that approved it: nobody's review. */
    readonly other_reviewers?: readonly string[];
    readonly checks_required?: number;
    readonly checks_failed?: number;
    /** Every required check passed; absent where none is known. */
    readonly checks_passed?: boolean;
    readonly merged_by?: string;
    readonly merged_ts?: string;
    readonly deployed_env?: string;
    readonly deployed_ts?: string;
  };
}

export const contributorKinds = ["human", "agent", "bot", "unknown"] as const;
export type ContributorKind = (typeof contributorKinds)[number];

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
