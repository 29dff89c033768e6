import { millisOf, type RosterEntry } from "@custody/model";
import { concatBytes } from "@custody/proof";
import type { BatchBuilder } from "./batch-builder.ts";
import { hexOf, sha256 } from "./digest.ts";
import type { Head } from "./head.ts";
import { type HighWater, sliceMarks } from "./high-water.ts";
import type { InternalRecords } from "./internal-record.ts";
import type { LedgerLimits } from "./limits.ts";

/** What a seal commits beside the ledger's own head. */
export interface SealFacts {
  readonly origin: string;
  /** The ledger before this batch. */
  readonly before: Head;
  readonly highWater: HighWater;
  readonly internal: InternalRecords;
  readonly configDigest: string;
  /** Every ledger of the tenant, this one at the size that the seal commits. */
  roster(size: number): readonly RosterEntry[];
  readonly limits: LedgerLimits;
  /** How far the host's clock had fallen behind since the last seal. */
  readonly clockBackMs: number;
}

/** Ends a batch with the records that a seal needs before it, then the seal (design 6). */
export function placeSeal(builder: BatchBuilder, facts: SealFacts): void {
  placeDowntime(builder, facts);
  placeClock(builder, facts);
  const hwDigest = placeHighWater(builder, facts);
  const { before, origin, internal } = facts;
  const to = builder.head.size;
  const { counts, acc, gaps } = builder.head.commitments();
  builder.own(
    internal.record({
      class: "seal",
      ts: builder.rx,
      key: ["seal", origin, String(to)],
      body: {
        from: before.seal === undefined ? 0 : before.seal.leaf + 1,
        to,
        prev: before.seal?.sha ?? null,
        counts,
        acc,
        config_digest: facts.configDigest,
        roster: boundedRoster(facts.roster(to), facts.limits.rosterEntriesMax),
        hw_digest: hwDigest,
        gaps,
      },
    }),
  );
}

/** A seal must fit a record. What is left out is counted under a name that no origin can have. */
function boundedRoster(roster: readonly RosterEntry[], most: number): readonly RosterEntry[] {
  if (roster.length <= most) return roster;
  const more = roster.length - most;
  return [...roster.slice(0, most), { origin: "(and more)", size: more }];
}

/** Seals more than two minutes apart: nobody watched in between, and the ledger says so itself (design 6). */
function placeDowntime(builder: BatchBuilder, facts: SealFacts): void {
  const last = facts.before.seal?.rx;
  if (last === undefined || millisOf(builder.rx) - millisOf(last) <= facts.limits.downtimeMs)
    return;
  builder.own(
    facts.internal.record({
      class: "integrity",
      ts: builder.rx,
      key: ["downtime", facts.origin, last],
      body: { kind: "gap", detail: { kind: "downtime", from: last, to: builder.rx } },
    }),
  );
}

function placeClock(builder: BatchBuilder, facts: SealFacts): void {
  if (facts.clockBackMs <= facts.limits.clockBackMsMax) return;
  builder.own(
    facts.internal.record({
      class: "integrity",
      ts: builder.rx,
      key: ["clock", facts.origin, String(builder.head.size)],
      body: {
        kind: "clock",
        detail: { behind_ms: Math.floor(facts.clockBackMs), held_at: builder.rx },
      },
    }),
  );
}

/** SHA-256 over the hashes of the records it wrote, in order; null where no source counted. */
function placeHighWater(builder: BatchBuilder, facts: SealFacts): string | null {
  const { marks, overflow } = facts.highWater.with(builder.marks);
  const slices = sliceMarks(marks, facts.limits);
  const shas = slices.map((slice, index) =>
    builder.own(
      facts.internal.record({
        class: "integrity",
        ts: builder.rx,
        key: ["hw", facts.origin, String(builder.head.size)],
        body: {
          kind: "hw",
          detail: {
            part: index,
            parts: slices.length,
            overflow,
            sources: slice.map(({ id, epoch, seq }) => [id, epoch, seq]),
          },
        },
      }),
    ),
  );
  return shas.length === 0 ? null : hexOf(sha256(concatBytes(shas)));
}
