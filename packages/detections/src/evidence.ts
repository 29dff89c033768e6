import type { ApprovedBy, PlacedRecord, Scope } from "@custody/model";

export type Tier = 0 | 1 | 2 | 3;

/** A program as the arguments of a call name it: folder and wrappers taken off, lower case. */
export interface ProgramUse {
  readonly program: string;
  readonly words: readonly string[];
}

export interface PathUse {
  readonly path: string;
  readonly access: "read" | "write";
}

/**
 * What the records of one call come to, judged by whoever joins them, under the policies in force when it ran.
 * Absent `programs` and `paths` mean that nobody could read the arguments, an empty list that they name none.
 */
export interface CallEvidence {
  readonly call: string;
  /** Ids of its records, linked ones included. */
  readonly records: readonly string[];
  readonly status: "executed" | "blocked" | "denied" | "error" | "timeout" | "unknown";
  readonly tier: Tier;
  /**
   * The tier is that of calls whose arguments no account sent, and would be lower without that: what the call really is nobody can know. Absent where
   * something else, such as an explained flow to a host that nobody listed, puts it as high.
   */
  readonly unread?: true;
  readonly programs?: readonly ProgramUse[];
  readonly paths?: readonly PathUse[];
  /** Whether every package it installs is on the list of approved components; absent where nobody keeps such a list. */
  readonly packagesListed?: boolean;
  /** It acts on an environment that somebody declared to be production. */
  readonly production?: boolean;
  /** Of its verdicts for one time, those that an earlier execution has used: a link shows them here as replays. */
  readonly replayed?: readonly string[];
}

/** What joins and policies say of one egress record; absent members mean that nobody judged it, or that no policy in force says it. */
export interface FlowEvidence {
  readonly record: string;
  /** By a call of high or medium confidence, or a host that the allow-list names for the agent itself; by time alone; not at all. */
  readonly match?: "explained" | "weak" | "none";
  readonly listed?: boolean;
  /** A host that may be reached with secrets in hand, such as the registry they are for. */
  readonly secretsMayGo?: boolean;
}

/** An MCP server that a list of approved components names, for as long as it does. */
export interface ApprovedServer {
  readonly name: string;
  readonly from: string;
  /** First moment at which it no longer counts; absent while it does. */
  readonly to?: string;
}

/** What the list of principals in force says of the one whose session it is. */
export type Attribution = "listed" | "unlisted" | "shared" | "unknown";

/** What an approval must be for calls of a tier. A tier without a requirement needs none. */
export interface ApprovalRequirement {
  readonly tier: Tier;
  readonly by: readonly ApprovedBy[];
  readonly scopes: readonly Scope[];
  /** The approver is neither the requester nor the session's own principal. */
  readonly fourEyes: boolean;
}

export interface Waiver {
  readonly rule: string;
  /** RFC 3339 in our form; from the later of its stated start and the moment it was heard. */
  readonly from: string;
  readonly to: string;
}

export interface PolicyFacts {
  readonly requirements: readonly ApprovalRequirement[];
  readonly waivers: readonly Waiver[];
  /** Digests of approved sandbox configurations; absent where no sandbox policy is in force. */
  readonly sandboxDigests?: readonly string[];
  /** Absent where no list of components ever named a server: before the first that does, nothing is said. */
  readonly servers?: readonly ApprovedServer[];
}

/**
 * One session as plain facts: its records in any order, late and repeated ones included, and what the policies in force say of them.
 * Every text in it is the agent's own and hostile; it is compared, never made into a pattern.
 */
export interface Evidence {
  readonly session: string;
  readonly records: readonly PlacedRecord[];
  readonly calls: readonly CallEvidence[];
  readonly flows: readonly FlowEvidence[];
  readonly policy: PolicyFacts;
  /** The person or service the session acts for, where known. */
  readonly principal?: string;
  /** False where the session's sources can never tell an approval: its absence then says less. */
  readonly approvalsTold: boolean;
  /** Absent where nobody keeps a list of principals. */
  readonly attribution?: Attribution;
}
