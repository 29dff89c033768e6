import type { PlacedRecord } from "@custody/model";
import type { ExpectedEntry } from "./expected.ts";
import type { GapDetail } from "./gap-records.ts";

/** Sessions that are alike in all that posture asks of one. */
export interface SessionFacts {
  readonly agent: string;
  readonly holder: string;
  readonly keyed: boolean;
  readonly repo: string;
  readonly ending: "ended" | "unclean" | "open";
  readonly bypass: boolean;
  readonly digests: readonly string[];
  readonly escapes: "unsaid" | "disabled" | "allowed";
  readonly image: "none" | "pinned" | "unpinned";
  readonly confined: boolean;
  readonly reaching: boolean;
  readonly watched: boolean;
  readonly count: number;
  readonly examples: readonly string[];
}

/** Actions that are alike in all that a tier and a requirement are judged by; `allows` are `by/scope/grade/other|self`. */
export interface CallFactsGroup {
  readonly span: number;
  readonly tool: string;
  readonly kind: string;
  readonly risk: readonly string[];
  readonly hosts: readonly string[];
  readonly classified: boolean;
  readonly executed: boolean;
  readonly refused: boolean;
  readonly allows: readonly string[];
  readonly count: number;
  readonly examples: readonly string[];
}

/** Observed flows that are alike. */
export interface FlowFacts {
  readonly span: number;
  readonly host: string;
  readonly port: number;
  readonly action: string;
  readonly tied: "explained" | "weak" | "none";
  readonly told: boolean;
  readonly count: number;
  readonly examples: readonly string[];
}

/** Sandboxes and changes by whether a session that spoke for itself is tied to them. */
interface WorldFacts {
  readonly what: "sandbox" | "change";
  readonly tied: boolean;
  readonly count: number;
  readonly examples: readonly string[];
}

/** A credential and the agent that was spoken of under it. */
export interface SourceFacts {
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
  readonly numbered: number;
  readonly offsetMs: number;
}

/**
 * Everything that is counted of a window, as sets of records and never in the order they came: late and repeated input gives the same. Computed by
 * the store; nothing here is a list of records of agents.
 */
export interface WindowFacts {
  readonly from: string;
  readonly to: string;
  readonly sessions: readonly SessionFacts[];
  readonly calls: readonly CallFactsGroup[];
  readonly flows: readonly FlowFacts[];
  readonly world: readonly WorldFacts[];
  readonly sources: readonly SourceFacts[];
  readonly approvals: {
    readonly decided: number;
    readonly denied: number;
    readonly timed: number;
    readonly median_ms: number;
    readonly hasty: number;
    readonly observed: number;
    readonly grants: number;
    readonly stale_grants: number;
  };
  readonly ground: {
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
  };
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
