import type { Body } from "./class.ts";
import type { RecordClass } from "./record-class.ts";

/** `observed`: under an observer credential. `reported`: the agent or its vendor said so. `derived`: computed by us. `inferred`: concluded from absence. */
export const grades = ["observed", "reported", "derived", "inferred"] as const;
export type Grade = (typeof grades)[number];

/** What each kind of key may do is contract section 3. */
export const keyKinds = [
  "agent",
  "observer",
  "authority",
  "reader",
  "investigator",
  "auditor",
  "admin",
] as const;
export type KeyKind = (typeof keyKinds)[number];

/** How the record's credential authenticated. `none`: loopback without a key. `internal`: written by Custody itself. */
export interface Auth {
  readonly method: "bearer" | "none" | "internal";
  readonly kind: KeyKind | "none" | "internal";
  /** Device, component or person that holds the key; `anonymous` without one, `custody` for our own records. */
  readonly subject: string;
}

/** Where a record came from. `epoch` and `seq` are the source's own, where it has them; `seq` is absent otherwise. */
export interface Source {
  readonly auth: Auth;
  readonly epoch: string;
  readonly id: string;
  readonly seq?: number;
}

export interface AgentIdentity {
  readonly model?: string;
  readonly name: string;
  readonly version?: string;
}

export interface Actor {
  /** Pseudonymous: `usr_…`, or the subject of the credential. */
  readonly id: string;
  readonly type: "human" | "service" | "agent";
}

/**
 * The envelope of every record, without the two fields that later steps add (`sd` by redact, `rx` by commit).
 * Times are RFC 3339 UTC with nine fraction digits. Ids are lower-case hex: `id` 32, `trace` 32, `span` and `parent` 16 characters.
 */
export interface RecordDraft<C extends RecordClass = RecordClass> {
  readonly actor?: Actor;
  readonly agent?: AgentIdentity;
  /** Listed attributes of the source, as text. What the payload claims about itself is under `claimed.*`. */
  readonly attrs?: Readonly<Record<string, string>>;
  readonly body: Body<C>;
  /** The tool call (with `session`: the action) this record belongs to. */
  readonly call?: string;
  readonly class: C;
  readonly dialect: { readonly name: string; readonly version: string };
  readonly end?: string;
  readonly grade: Grade;
  readonly id: string;
  /** HMAC of the id under the tenant's key, base64url: makes the record's hash hiding. */
  readonly nonce: string;
  readonly parent?: string;
  readonly session?: string;
  readonly span?: string;
  readonly src: Source;
  readonly tenant: string;
  readonly trace?: string;
  readonly ts: string;
  readonly turn?: string;
  readonly v: typeof recordVersion;
  /** `enforcer`: the fact comes from the agent's own enforcing part (its proxy, its sandbox); still `reported`. */
  readonly vantage?: "enforcer";
}

export const recordVersion = "custody/1";

/** A record as it stands in the ledger: the parsed form of its canonical bytes. */
export interface LedgerRecord<C extends RecordClass = RecordClass> extends RecordDraft<C> {
  readonly rx: string;
  /** Content path to disclosure digest (compliance 1.4). */
  readonly sd?: Readonly<Record<string, string>>;
}

/** A record with its place: what readers get. */
export interface PlacedRecord {
  readonly ledger: string;
  readonly leaf: number;
  /** SHA-256 of the canonical bytes, hex. */
  readonly sha: string;
  readonly record: LedgerRecord;
}
