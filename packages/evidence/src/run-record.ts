import { setTimeout as pause } from "node:timers/promises";
import type { Ledger } from "@custody/ledger";
import type { StoreReader } from "@custody/model";
import { hexEncode } from "@custody/proof";
import { type RunCommitment, runSchema } from "@custody/verify";
import { EvidenceError } from "./errors.ts";
import { limits } from "./limits.ts";
import { storedRows } from "./stored-row.ts";

/** The part of a ledger that an export needs: it appends one record and has it published. */
export type RunLedger = Pick<Ledger, "tenant" | "origin" | "vkey" | "record" | "commit" | "seal">;

export interface CommittedRun {
  readonly leaf: number;
  readonly sha: string;
  readonly canonical: string;
  /** Size of a checkpoint that covers it. */
  readonly size: number;
}

/**
 * Appends the record that commits a run and waits until a checkpoint covers it. Whoever holds the bundle key can sign another
 * bundle afterwards; nobody can give this record another content.
 */
export async function commitRun(
  ledger: RunLedger,
  reader: StoreReader,
  commitment: RunCommitment,
): Promise<CommittedRun> {
  const record = ledger.record({
    class: "integrity",
    key: [runSchema, commitment.bundle_id],
    body: { kind: "run", detail: { ...commitment } },
  });
  await append(ledger, record);
  for (let waited = 0; waited <= limits.publishMsMax; waited += limits.publishPollMs) {
    // Sealing waits for the store; while that is out, it is asked again.
    const sealed = await ledger.seal();
    const placed =
      sealed.outcome === "published" ? await find(ledger, reader, record.record.id) : undefined;
    if (placed !== undefined && sealed.outcome === "published" && placed.leaf < sealed.head.size) {
      return { ...placed, size: sealed.head.size };
    }
    await pause(limits.publishPollMs);
  }
  throw new EvidenceError("RUN_UNPUBLISHED", "no checkpoint covers the record of the run yet");
}

async function append(ledger: RunLedger, record: ReturnType<RunLedger["record"]>): Promise<void> {
  for (let waited = 0; waited <= limits.publishMsMax; ) {
    const verdict = await ledger.commit([record]);
    if (verdict.outcome === "committed") return;
    if (verdict.outcome === "failed") throw new EvidenceError("RUN_COMMIT", verdict.reason);
    waited += Math.max(verdict.retryAfterMs, limits.publishPollMs);
    await pause(Math.max(verdict.retryAfterMs, limits.publishPollMs));
  }
  throw new EvidenceError("RUN_COMMIT", "the ledger is full");
}

async function find(
  { tenant, origin }: RunLedger,
  reader: StoreReader,
  id: string,
): Promise<Omit<CommittedRun, "size"> | undefined> {
  const [row] = await storedRows(reader, "own-record", { tenant, ledger: origin, id });
  return row && { leaf: row.leaf, sha: hexEncode(row.digest), canonical: row.canonical };
}
