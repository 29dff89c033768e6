import type { RecordDraft } from "./record.ts";

declare const stage: unique symbol;
interface Stage<Name extends string> {
  readonly [stage]: Name;
}

/** Content in the clear, by path. Exists only between stamp and redact. */
export interface ContentItem {
  readonly path: string;
  readonly text: string;
}

/** The RFC 9901 style disclosure of one content value; its digest stands in the record's `sd` (compliance 1.4). */
export interface Disclosure {
  readonly path: string;
  readonly disclosure: string;
}

export interface StampedRecord {
  readonly record: RecordDraft;
  /** Keyed digest of what the source said, hex, 32 characters: never in the canonical record. */
  readonly claim: string;
  readonly content: readonly ContentItem[];
}

export interface RedactedRecord {
  readonly record: RecordDraft & { readonly sd?: Readonly<Record<string, string>> };
  readonly claim: string;
  readonly disclosures: readonly Disclosure[];
}

/** The order of the river is a type: only `redact` makes a Redacted, and the ledger takes nothing else (design 3, invariant 1). */
export type Stamped = StampedRecord & Stage<"stamped">;
export type Redacted = RedactedRecord & Stage<"redacted">;

/** Called by the stamp step of the collector, and by Custody's own writers, alone. */
export function asStamped(record: StampedRecord): Stamped {
  return record as Stamped;
}

/** Called by the package `redaction` alone. */
export function asRedacted(record: RedactedRecord): Redacted {
  return record as Redacted;
}
