import type { BatchRow, Redacted } from "@custody/model";
import { hexOf, sha256 } from "./digest.ts";
import { LedgerError } from "./errors.ts";
import { draftHead, type Head, type HeadDraft } from "./head.ts";
import type { Mark } from "./high-water.ts";
import type { InternalRecords } from "./internal-record.ts";
import { fillRx, type PreparedRecord, prepareRecord } from "./prepared-record.ts";
import type { StagedClaims } from "./staged-claims.ts";

/** What became of one record. */
interface Placement {
  readonly outcome: "added" | "duplicate";
  /** Hashes of the leaves added: the record's, and that of the conflict it caused. */
  readonly shas: readonly Uint8Array[];
}

/** Gives records their leaves while one batch is built. Nothing outside changes until the batch is durable. */
export interface BatchBuilder {
  readonly rx: string;
  readonly rows: readonly BatchRow[];
  readonly bytes: number;
  readonly marks: readonly Mark[];
  readonly head: HeadDraft;
  place(record: PreparedRecord): Placement;
  /** Places a record of our own, never looked up as a duplicate; answers its hash. */
  own(record: Redacted): Uint8Array;
}

export interface BuilderInput {
  readonly origin: string;
  readonly tenant: string;
  readonly head: Head;
  readonly rx: string;
  readonly claims: StagedClaims;
  readonly internal: InternalRecords;
}

const encoder = new TextEncoder();

export function createBatchBuilder(input: BuilderInput): BatchBuilder {
  const { claims, internal, tenant } = input;
  const head = draftHead(input.head, input.rx);
  const rxBytes = encoder.encode(input.rx);
  const rows: BatchRow[] = [];
  const marks: Mark[] = [];
  let bytes = 0;

  const append = (record: PreparedRecord): Uint8Array => {
    const leaf = head.size;
    const canonical = fillRx(record, rxBytes);
    const sha = sha256(canonical);
    const { id, idHex, claim, content } = record;
    rows.push({ leaf, sha, id, claim, canonical, content });
    bytes += record.weight;
    head.append({ class: record.class, sha, isGap: record.isGap });
    claims.stage(idHex, claim, leaf);
    if (record.source !== undefined) marks.push(record.source);
    return sha;
  };

  const prepareOwn = (record: Redacted): PreparedRecord => {
    const prepared = prepareRecord(record, tenant);
    if (prepared.outcome === "prepared") return prepared.record;
    throw new LedgerError("FOLDER_FORMAT", `a record of our own was refused: ${prepared.reason}`);
  };

  return {
    rx: input.rx,
    rows,
    marks,
    head,
    get bytes() {
      return bytes;
    },
    place(record) {
      const match = claims.find(record.id, record.idHex, record.claim);
      if (match.kind === "duplicate") return { outcome: "duplicate", shas: [] };
      const leaf = head.size;
      const sha = append(record);
      if (match.kind === "new") return { outcome: "added", shas: [sha] };
      const conflict = prepareOwn(
        internal.record(conflictFact(input.origin, record, { leaf, sha }, match)),
      );
      // The same contradiction may have been recorded before, from a claim that was since forgotten.
      if (claims.find(conflict.id, conflict.idHex, conflict.claim).kind !== "new") {
        return { outcome: "added", shas: [sha] };
      }
      return { outcome: "added", shas: [sha, append(conflict)] };
    },
    own: (record) => append(prepareOwn(record)),
  };
}

/** Names both sides; the id is the same whichever side came first, so collectors of one tenant converge on it (design 3, 6). */
function conflictFact(
  origin: string,
  record: PreparedRecord,
  second: { readonly leaf: number; readonly sha: Uint8Array },
  first: { readonly claim: Uint8Array; readonly leaf: number },
): Parameters<InternalRecords["record"]>[0] {
  const sides = [hexOf(first.claim), hexOf(record.claim)].sort();
  return {
    class: "integrity",
    body: {
      kind: "conflict",
      detail: {
        record: record.idHex,
        class: record.class,
        ledger: origin,
        first: { leaf: first.leaf },
        second: { leaf: second.leaf, sha: hexOf(second.sha) },
      },
    },
    key: ["conflict", record.idHex, ...sides],
    claim: "key",
    ...(record.session === undefined ? {} : { session: record.session }),
    ...(record.call === undefined ? {} : { call: record.call }),
  };
}
