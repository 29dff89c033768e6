import type { Receipt, RosterEntry } from "@custody/model";
import { type BatchBuilder, createBatchBuilder } from "./batch-builder.ts";
import type { InternalRecords } from "./internal-record.ts";
import type { LedgerLimits } from "./limits.ts";
import { placeSeal } from "./seal-record.ts";
import { stageClaims } from "./staged-claims.ts";
import type { Tip } from "./tip.ts";
import type { QueuedCall, QueuedSeal, WaitingLine } from "./waiting-line.ts";

export interface AssemblyParts {
  readonly origin: string;
  readonly tenant: string;
  readonly limits: LedgerLimits;
  readonly tip: Tip;
  readonly internal: InternalRecords;
  readonly configDigest: () => string;
  readonly roster: (size: number) => readonly RosterEntry[];
}

/** A batch as the front of the line gives it. */
export interface AssembledBatch {
  readonly builder: BatchBuilder;
  /** Calls with a record in this batch. */
  readonly calls: readonly QueuedCall[];
  /** Those of them whose last record is in it: they stand first in the line. */
  readonly finished: readonly QueuedCall[];
  /** A seal ends its batch, so that a checkpoint's size is a file's end. */
  readonly seal: QueuedSeal | undefined;
}

/** Takes nothing out of the line: a batch that cannot be built leaves everyone waiting. */
export function assembleBatch(
  parts: AssemblyParts,
  line: Pick<WaitingLine, "at">,
  now: { readonly rx: string; readonly clockBackMs: number },
): AssembledBatch {
  const { tip, limits, origin, tenant, internal, roster } = parts;
  const { rx, clockBackMs } = now;
  const claims = stageClaims(tip.claims);
  const builder = createBatchBuilder({ origin, tenant, head: tip.head, rx, claims, internal });
  const calls: QueuedCall[] = [];
  const finished: QueuedCall[] = [];
  let seal: QueuedSeal | undefined;
  for (let item = line.at(0); item !== undefined; item = line.at(finished.length)) {
    if (item.kind === "seal") {
      seal = item;
      break;
    }
    calls.push(item);
    if (!placeCall(builder, item, limits)) break;
    finished.push(item);
  }
  if (seal !== undefined) {
    const { head: before, highWater } = tip;
    const configDigest = parts.configDigest();
    const facts = { origin, before, highWater, internal, configDigest, roster, limits };
    placeSeal(builder, { ...facts, clockBackMs });
  }
  return { builder, calls, finished, seal };
}

/** False when the batch is full before the call's last record. */
function placeCall(builder: BatchBuilder, call: QueuedCall, limits: LedgerLimits): boolean {
  call.rx = builder.rx;
  const { records } = call;
  for (let record = records[call.next]; record !== undefined; record = records[call.next]) {
    const full =
      builder.rows.length >= limits.batchRecordsMax ||
      (builder.rows.length > 0 && builder.bytes + record.weight > limits.batchBytesMax);
    if (full) return false;
    const { outcome, shas } = builder.place(record);
    if (outcome === "duplicate") call.duplicates += 1;
    for (const sha of shas) call.digest.update(sha);
    call.count += shas.length;
    call.next += 1;
  }
  return true;
}

export function receiptOf(origin: string, { digest, count, duplicates, rx }: QueuedCall): Receipt {
  return { origin, batch: digest.digest("hex"), count, duplicates, rx };
}
