import {
  type Actor,
  type AgentIdentity,
  asRedacted,
  type Body,
  type Clock,
  canonicalText,
  type Grade,
  type RecordClass,
  type RecordDraft,
  type Redacted,
  recordIdText,
  recordVersion,
} from "@custody/model";
import { hmacSha256, sha256Hex } from "./digest.ts";

/** What a record of our own says. It has no content, so there is nothing to redact: hostile text goes in as digests only. */
export interface InternalFact<C extends RecordClass = RecordClass> {
  readonly class: C;
  readonly body: Body<C>;
  /** Everything that tells this fact from every other one of its class; the class itself is added. */
  readonly key: readonly string[];
  /** Absent: now. */
  readonly ts?: string;
  readonly end?: string;
  readonly session?: string;
  readonly turn?: string;
  readonly call?: string;
  readonly trace?: string;
  readonly span?: string;
  readonly parent?: string;
  readonly agent?: AgentIdentity;
  readonly actor?: Actor;
  readonly attrs?: Readonly<Record<string, string>>;
  /** Absent: `derived`. */
  readonly grade?: Grade;
  /**
   * What the claim covers. `fact` (the default): body, session and call, so that another conclusion under the same key shows as a conflict.
   * `key`: the key alone, for records whose body may differ from one observer to the next.
   */
  readonly claim?: "fact" | "key";
}

/** Makes the records that Custody writes about itself: seal, integrity, access, link, finding. */
export interface InternalRecords {
  record<C extends RecordClass>(fact: InternalFact<C>): Redacted;
}

export interface InternalSource {
  readonly tenant: string;
  /** The tenant's HMAC key. */
  readonly key: Uint8Array;
  readonly clock: Clock;
  /** Names the writer: an origin, a job. */
  readonly source: string;
  /** Random per process start. */
  readonly epoch: string;
}

const dialect = { name: "custody", version: "1" } as const;
const auth = { method: "internal", kind: "internal", subject: "custody" } as const;

export function createInternalRecords(from: InternalSource): InternalRecords {
  return {
    record(fact) {
      const { class: name, key, body, claim, ts, grade, ...rest } = fact;
      const id = recordId(from.tenant, auth.subject, dialect.name, [...key, name]);
      const record: RecordDraft = {
        ...rest,
        v: recordVersion,
        class: name,
        id,
        nonce: recordNonce(from.key, id),
        tenant: from.tenant,
        ts: ts ?? from.clock.now(),
        src: { id: from.source, epoch: from.epoch, auth },
        dialect,
        grade: grade ?? "derived",
        body,
      };
      const said = claim === "key" ? {} : { body, session: rest.session, call: rest.call };
      return asRedacted({
        record,
        claim: recordClaim(from.key, canonicalText({ class: name, key, ...said })),
        disclosures: [],
      });
    },
  };
}

/** First 16 bytes of SHA-256 over the natural key, hex (design 4). */
export function recordId(
  tenant: string,
  subject: string,
  dialectName: string,
  key: readonly string[],
): string {
  return sha256Hex(recordIdText(tenant, subject, dialectName, key)).slice(0, 32);
}

/** Makes the record's hash hiding; all collectors of a tenant load the same key, so it is the same everywhere. */
export function recordNonce(tenantKey: Uint8Array, id: string): string {
  return hmacSha256(tenantKey, id).subarray(0, 16).toString("base64url");
}

/** Keyed digest of what the source said, before anything of ours is added. */
export function recordClaim(tenantKey: Uint8Array, canonicalFact: string): string {
  return hmacSha256(tenantKey, `claim\n${canonicalFact}`).subarray(0, 16).toString("hex");
}
