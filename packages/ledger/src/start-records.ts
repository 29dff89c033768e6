import type { Redacted } from "@custody/model";
import type { ChosenLedger } from "./choice.ts";
import type { InternalRecords } from "./internal-record.ts";

/** What a ledger has to say about how it was found, before it says anything else. */
export function startRecords(
  { identity, recovered }: ChosenLedger,
  internal: InternalRecords,
  epoch: string,
): Redacted[] {
  const records: Redacted[] = [];
  const { origin, predecessor } = identity;
  // The first record of a ledger that follows another commits to that one's end (design 3, invariant 2).
  if (predecessor !== undefined && recovered.tip.head.size === 0) {
    const { checkpoint, tail } = predecessor;
    const detail = {
      predecessor: predecessor.origin,
      reason: predecessor.reason,
      size: checkpoint?.size ?? 0,
      root: checkpoint?.root ?? null,
      tail: tail ?? null,
    };
    const body = { kind: "origin" as const, detail };
    records.push(internal.record({ class: "integrity", key: ["origin", origin], body }));
  }
  const { files, bytes } = recovered.discarded;
  if (files > 0) {
    const detail = { check: "journal", discarded_files: files, discarded_bytes: bytes };
    const body = { kind: "verify" as const, detail };
    records.push(internal.record({ class: "integrity", key: ["journal", origin, epoch], body }));
  }
  return records;
}
