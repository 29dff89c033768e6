/** What happens in the generated world, before anybody tells of it. Times are milliseconds since 1970. */

export const agentKinds = ["codex", "claude-code", "gemini-cli", "own", "genai"] as const;
export type AgentKind = (typeof agentKinds)[number];

/** One agent: whose it is, where it works, and who watches its network. */
export interface Seat {
  readonly id: string;
  readonly kind: AgentKind;
  /** Holder of the key it reports under. */
  readonly person: string;
  readonly lead: string;
  readonly repo: string;
  readonly folder: string;
  readonly version: string;
  readonly model: string;
  /** Whose log its flows are in: Squid by proxy user, the sandbox's own network log, or Smokescreen by a header alone. */
  readonly watcher: "squid" | "ndjson" | "smokescreen";
  readonly address: string;
  /** Its model's API is reached through the watched network too. */
  readonly contained: boolean;
  /** Its operator lets it tell no arguments. */
  readonly withholds: boolean;
  /** Nobody sits before it: a pipeline with a waiver to run without asking. */
  readonly headless: boolean;
  readonly skewMs: number;
}

export type Verb = "shell" | "read" | "write" | "edit" | "fetch" | "mcp" | "spawn";

/** Who let a call go ahead, or did not, as it was in truth. */
export type Ask =
  | "auto"
  | "user"
  | "user-session"
  | "reviewer"
  | "hook"
  | "bypass"
  | "deny-user"
  | "deny-policy";

export interface Call {
  readonly id: string;
  readonly verb: Verb;
  /** Command, path, address, or the tool of a server. */
  readonly target: string;
  readonly text: string;
  readonly server?: string;
  readonly ask: Ask;
  readonly waitedMs: number;
  readonly decidedAt: number;
  readonly startAt: number;
  readonly endAt: number;
  readonly ran: boolean;
  readonly exit: number;
  readonly output: string;
  /** Of a sub-agent, its session. */
  readonly child?: string;
}

type Step =
  | { readonly is: "turn"; readonly id: string; readonly at: number; readonly prompt: string }
  | { readonly is: "infer"; readonly at: number; readonly input: number; readonly output: number }
  | { readonly is: "mode"; readonly at: number; readonly to: string }
  | { readonly is: "call"; readonly call: Call };

export interface Flow {
  readonly id: string;
  readonly at: number;
  readonly ms: number;
  readonly host: string;
  readonly port: number;
  readonly protocol: string;
  readonly method: string;
  readonly path: string;
  readonly action: "allowed" | "denied";
  readonly bytesOut: number;
  readonly bytesIn: number;
  /** `beside` the proxy: only the sandbox's own network part saw it. */
  readonly seen: "proxy" | "beside";
  /** Session whose credential the flow carried, if any. */
  readonly session?: string;
}

/** A person's decision in the approval channel, as its door takes it; `digest_of` becomes the keyed digest of that action. */
export interface Decision {
  readonly person: string;
  readonly at: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly digestOf?: Pick<Call, "verb" | "target" | "text" | "server">;
}

export interface Confinement {
  readonly at: number;
  readonly sandbox: string;
  readonly is: "attested" | "violation";
  readonly body: Readonly<Record<string, unknown>>;
}

/** A merge as the VCS tells it. */
export interface Merge {
  readonly at: number;
  readonly session: string;
  readonly body: {
    readonly repo: string;
    readonly commit: string;
    readonly pr: string;
    readonly reviewers: readonly string[];
    readonly checks_passed: boolean;
    readonly merged_by: string;
    readonly merged_ts: string;
  };
}

/** What the record keeper says of itself: reads of the store, runs of its verification. */
export interface Notice {
  readonly at: number;
  readonly actor: string;
  readonly class: "access" | "integrity";
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Session {
  readonly id: string;
  readonly seat: Seat;
  readonly startAt: number;
  endAt: number;
  readonly steps: Step[];
  readonly flows: Flow[];
  readonly decisions: Decision[];
  readonly confinement: Confinement[];
  readonly merges: Merge[];
  approvalMode: string;
  sandboxMode: string;
  readonly servers: string[];
  parent?: string;
  /** The key it speaks under; a session that speaks without one is nobody's. */
  key: { readonly method: "bearer" | "none"; readonly subject: string };
  /** Milliseconds its clock is wrong by. */
  skewMs: number;
  /** From and to (exclusive) of its own telling that never arrives. */
  silence?: { readonly from: number; readonly to: number };
  /** A call whose record is sent again, later, with other words. */
  rewritten?: { readonly call: string; readonly at: number; readonly target: string };
}

const families = [
  "D-NET-01",
  "D-NET-02",
  "D-NET-03",
  "D-NET-04",
  "D-FS-01",
  "D-FS-02",
  "D-PKG-01",
  "D-APR-01",
  "D-APR-02",
  "D-APR-03",
  "D-APR-04",
  "D-APR-05",
  "D-APR-06",
  "D-SBX-01",
  "D-SBX-02",
  "D-INJ-01",
  "D-INJ-02",
  "D-MCP-01",
  "D-SEC-01",
  "D-DST-01",
  "D-VCS-01",
  "D-TEL-01",
  "D-TEL-02",
  "D-LOG-01",
  "D-LOG-02",
  "D-IDN-01",
  "D-RES-01",
] as const;
export type Family = (typeof families)[number];

/** One thing that went wrong in the world. */
export interface Incident {
  readonly id: string;
  readonly family: Family;
  /** In which of its shapes. */
  readonly shape: string;
  readonly what: string;
  readonly day: string;
  readonly session?: string;
  /** As the records will name them; none where it is of the session as a whole. */
  readonly calls: readonly string[];
  /** What else is rightly said of the same calls or session, by the plain words of compliance 9.2: no fault of a rule, and not asked of it. */
  readonly also: readonly Family[];
}

export interface World {
  readonly seats: readonly Seat[];
  readonly sessions: readonly Session[];
  readonly notices: readonly Notice[];
  readonly policies: readonly Ruling[];
  /** Decisions that belong to no one session. */
  readonly truth: readonly Incident[];
}

/** A policy as one person proposed it and another approved it. */
export interface Ruling {
  readonly at: number;
  readonly kind: string;
  readonly name: string;
  readonly version: number;
  readonly author: string;
  readonly approver: string;
  readonly document: Readonly<Record<string, unknown>>;
}
