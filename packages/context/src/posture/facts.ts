import type { PlacedRecord } from "@custody/model";
import type { FlowMatch } from "../egress-match.ts";
import type { ExpectedEntry } from "./expected.ts";
import type { GapDetail } from "./gap-records.ts";

/** Sessions of a window that are alike in everything posture asks of one. */
export interface SessionGroup {
  readonly agent: string;
  readonly holder: string;
  /** Everything an agent told of it came under a key. */
  readonly keyed: boolean;
  /** Named for sessions in a bypass mode alone: waivers are for one repository. */
  readonly repo: string;
  readonly ending: "ended" | "unclean" | "open";
  readonly bypass: boolean;
  /** Digests of the configurations that a runtime attested, in order. */
  readonly digests: readonly string[];
  readonly escapes: "unsaid" | "disabled" | "allowed";
  readonly image: "none" | "pinned" | "unpinned";
  /** Anybody, the agent itself included, names a confinement. */
  readonly confined: boolean;
  /** A call of it may reach the network. */
  readonly reaching: boolean;
  /** An observer saw a flow of it. */
  readonly watched: boolean;
  readonly count: number;
  readonly examples: readonly string[];
}

/** Actions of a window that are alike in everything a tier and a requirement are judged by. */
export interface CallGroup {
  /** How many of the given edges of time lie before it. */
  readonly span: number;
  readonly tool: string;
  readonly kind: string;
  readonly risk: readonly string[];
  readonly hosts: readonly string[];
  readonly classified: boolean;
  readonly executed: boolean;
  readonly refused: boolean;
  /** `by/scope/grade/other|self` of each approval that was heard in time. */
  readonly allows: readonly string[];
  readonly count: number;
  readonly examples: readonly string[];
}

/** Observed flows of a window that are alike. */
export interface FlowGroup {
  readonly span: number;
  readonly host: string;
  readonly port: number;
  readonly action: string;
  /** As `matchOfFlow` says of it without an allow-list. */
  readonly tied: FlowMatch;
  /** The session it is laid at spoke for itself. */
  readonly told: boolean;
  readonly count: number;
  readonly examples: readonly string[];
}

/** Sandboxes that a runtime started, and changes that observers reported. */
export interface WorldGroup {
  readonly what: "sandbox" | "change";
  readonly tied: boolean;
  readonly count: number;
  readonly examples: readonly string[];
}

/** One who spoke: a credential, and the agent and release that was spoken of under it. */
export interface SourceGroup {
  readonly kind: string;
  readonly subject: string;
  readonly agent: string;
  readonly version: string;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly records: number;
  readonly sessions: number;
  readonly opaque: number;
  readonly misdated: number;
  /** Records that carry a number of the source's own. */
  readonly numbered: number;
  /** How far its clock was from ours at most, as far as its records show. */
  readonly offsetMs: number;
}

/** What people decided, and the standing grants that were used. */
export interface ApprovalFacts {
  readonly decided: number;
  readonly denied: number;
  readonly timed: number;
  readonly median_ms: number;
  readonly hasty: number;
  readonly observed: number;
  readonly grants: number;
  readonly stale_grants: number;
}

/** Who spoke, by kind of credential, and what the log says of itself. */
export interface GroundFacts {
  readonly keyed: number;
  readonly keyless: number;
  readonly observed: number;
  readonly decided: number;
  readonly opaque: number;
  readonly misdated: number;
  readonly told: number;
  readonly verifiedAt: string | null;
  readonly anchors: number;
  readonly proxies: number;
  readonly runtimes: number;
}

/**
 * Everything that is counted of a window, as sets of records and never in the order they came: late and repeated input gives the same. Computed by
 * the store; nothing here is a list of records of agents.
 */
export interface WindowFacts {
  readonly from: string;
  readonly to: string;
  readonly sessions: readonly SessionGroup[];
  readonly calls: readonly CallGroup[];
  readonly flows: readonly FlowGroup[];
  readonly world: readonly WorldGroup[];
  readonly sources: readonly SourceGroup[];
  readonly approvals: ApprovalFacts;
  readonly ground: GroundFacts;
  readonly gaps: readonly GapDetail[];
  readonly droppedBySources: number;
  readonly downtimeMs: number;
  /** Undefined: no observer named anybody who should report. */
  readonly expected: readonly ExpectedEntry[] | undefined;
  /** Every policy record of the tenant, and the moments in the window at which one begins or ends to count. */
  readonly policies: readonly PlacedRecord[];
  readonly edges: readonly string[];
  /** A list was cut: numbers are lower bounds. */
  readonly cut: boolean;
}
