import { createHash } from "node:crypto";
import { gapChanges, gapKey, holesIn, type NumberedEvent } from "@custody/context";
import { createInternalRecords } from "@custody/ledger";
import type { LedgerRecord, PlacedRecord } from "@custody/model";
import { tenant, tenantKey } from "./receive.ts";

interface Source {
  readonly subject: string;
  readonly source: string;
  readonly epoch: string;
  readonly events: NumberedEvent[];
}

const never = "9999-12-31T00:00:00.000000000Z";

/** What the collector's watch writes of numbers that never came, once all that will come has come. */
export function gapRecords(records: readonly PlacedRecord[]): readonly PlacedRecord[] {
  return numbered(records).flatMap(({ events, ...source }) => {
    const { holes } = holesIn(events, () => false);
    const cause = source.epoch === "" ? ("unknown_vendor" as const) : ("unknown" as const);
    const judged = { ...source, holes, basis: events.length, cause };
    return gapChanges(judged, [], never).map((detail): PlacedRecord => {
      const own = createInternalRecords({
        tenant,
        key: tenantKey,
        clock: { now: () => detail.seen_at },
        source: "custody",
        epoch: "",
      });
      const { record } = own.record({
        class: "integrity",
        key: gapKey(detail),
        ts: detail.seen_at,
        body: { kind: "gap", detail: { ...detail } },
      });
      const sha = createHash("sha256").update(record.id).digest("hex");
      const heard = { ...record, rx: detail.seen_at } as LedgerRecord;
      return { ledger: "l", leaf: 0, sha, record: heard };
    });
  });
}

function numbered(records: readonly PlacedRecord[]): readonly Source[] {
  const sources = new Map<string, Source>();
  for (const { record } of records) {
    const { src, ts, rx } = record;
    if (src.seq === undefined) continue;
    const names = { subject: src.auth.subject, source: src.id, epoch: src.epoch };
    const key = JSON.stringify(names);
    const known = sources.get(key) ?? { ...names, events: [] };
    known.events.push({ seq: src.seq, ts, rx });
    sources.set(key, known);
  }
  return [...sources.values()];
}
