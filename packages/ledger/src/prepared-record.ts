import {
  canonicalText,
  type Disclosure,
  ModelError,
  limits as model,
  type RecordClass,
  type Redacted,
} from "@custody/model";
import { bytesOfHex } from "./digest.ts";

/** A record whose canonical bytes are complete but for the time of receipt, which the committer fills in. */
export interface PreparedRecord {
  readonly class: RecordClass;
  readonly id: Uint8Array;
  readonly idHex: string;
  readonly claim: Uint8Array;
  readonly session: string | undefined;
  readonly call: string | undefined;
  /** The source's sequence, where it has one: becomes a high-water mark. */
  readonly source:
    | { readonly id: string; readonly epoch: string; readonly seq: number }
    | undefined;
  readonly isGap: boolean;
  readonly bytes: Uint8Array;
  /** Where in `bytes` the 30 characters of `rx` stand. */
  readonly rxAt: number;
  readonly content: readonly Disclosure[];
  /** About how many bytes the record takes in a batch file. */
  readonly weight: number;
}

export type Preparation =
  | { readonly outcome: "prepared"; readonly record: PreparedRecord }
  | { readonly outcome: "refused"; readonly reason: string };

const rxHole = "0000-00-00T00:00:00.000000000Z";
const rxMember = `"rx":"${rxHole}"`;
const hex128 = /^[0-9a-f]{32}$/;
/** Leaf, sha, id, claim, the ledger's name and the lengths. */
const rowBytes = 160;

/** Checks a record before it is queued, so that one bad record never fails the batch of others. */
export function prepareRecord(redacted: Redacted, tenant: string): Preparation {
  const { record, claim, disclosures } = redacted;
  if (record.tenant !== tenant) return refused("the record belongs to another tenant");
  if (!hex128.test(record.id)) return refused("the record's id is not 32 hex digits");
  if (!hex128.test(claim)) return refused("the record's claim is not 32 hex digits");
  try {
    const { bytes, rxAt } = canonicalWithHole(record);
    if (bytes.length > model.recordBytesMax) {
      return refused(`RECORD_BYTES: ${bytes.length} canonical bytes`);
    }
    return { outcome: "prepared", record: describe(redacted, bytes, rxAt, disclosures) };
  } catch (error) {
    if (error instanceof ModelError) return refused(`${error.code}: ${error.message}`);
    throw error;
  }
}

function refused(reason: string): Preparation {
  return { outcome: "refused", reason };
}

/**
 * Canonicalises once, before `rx` is known, around a hole of its length. Only a member named `rx` can read so: inside a string every quote
 * has a backslash before it. The last of them is the envelope's, since behind it stand digests and texts alone, and no object of a source.
 */
function canonicalWithHole(record: object): { bytes: Uint8Array; rxAt: number } {
  const text = canonicalText({ ...record, rx: rxHole });
  const at = text.lastIndexOf(rxMember) + rxMember.length - 1 - rxHole.length;
  const bytes = Buffer.from(text, "utf8");
  const isAscii = bytes.length === text.length;
  return { bytes, rxAt: isAscii ? at : Buffer.byteLength(text.slice(0, at), "utf8") };
}

function describe(
  { record, claim }: Redacted,
  bytes: Uint8Array,
  rxAt: number,
  content: readonly Disclosure[],
): PreparedRecord {
  const { src, body } = record;
  const source = src.seq === undefined ? undefined : { id: src.id, epoch: src.epoch, seq: src.seq };
  const contentBytes = content.reduce(
    (sum, item) => sum + Buffer.byteLength(item.disclosure) + 32,
    0,
  );
  return {
    class: record.class,
    id: bytesOfHex(record.id),
    idHex: record.id,
    claim: bytesOfHex(claim),
    session: record.session,
    call: record.call,
    source,
    isGap: record.class === "integrity" && "kind" in body && body.kind === "gap",
    bytes,
    rxAt,
    content,
    weight: bytes.length + contentBytes + rowBytes,
  };
}

/** Writes the time of receipt into the hole. The record is used once: its bytes are the leaf's from here on. */
export function fillRx(record: PreparedRecord, rx: Uint8Array): Uint8Array {
  record.bytes.set(rx, record.rxAt);
  return record.bytes;
}
