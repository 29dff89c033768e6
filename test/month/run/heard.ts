import { createHash } from "node:crypto";
import { createTenantDigest } from "@custody/collector";
import { createInternalRecords } from "@custody/ledger";
import type { LedgerRecord, PlacedRecord, Redacted } from "@custody/model";
import type { Delivery } from "../speech/deliver.ts";
import { createReceiver, tenant, tenantKey } from "./receive.ts";

/** Records as a ledger would hold them: each statement once, in the order of receipt. */
export interface Heard {
  take(delivery: Delivery): readonly PlacedRecord[];
  readonly records: readonly PlacedRecord[];
  /** Arguments as the store would open them: masked. */
  readonly argumentsOf: ReadonlyMap<string, string>;
}

const timeOf = (ms: number): string =>
  `${new Date(Math.round(ms)).toISOString().slice(0, 23)}000000Z`;

export function createHeard(): Heard {
  const receiver = createReceiver(createTenantDigest(tenant, tenantKey));
  const records: PlacedRecord[] = [];
  const argumentsOf = new Map<string, string>();
  const claims = new Map<string, Set<string>>();
  const place = (redacted: Redacted, rx: string): PlacedRecord => {
    const { record, claim, disclosures } = redacted;
    const sha = createHash("sha256").update(`${record.id}/${claim}`).digest("hex");
    const stored = { ...record, rx } as LedgerRecord;
    const one = { ledger: "l", leaf: records.length, sha, record: stored };
    for (const { path, disclosure } of disclosures) {
      if (path === "arguments") argumentsOf.set(record.id, textOf(disclosure));
    }
    records.push(one);
    return one;
  };
  return {
    records,
    argumentsOf,
    take(delivery) {
      const rx = timeOf(delivery.at);
      return receiver.receive(delivery).flatMap((redacted) => {
        const { id } = redacted.record;
        const known = claims.get(id) ?? new Set();
        if (known.has(redacted.claim)) return [];
        claims.set(id, known.add(redacted.claim));
        const one = place(redacted, rx);
        return known.size === 1 ? [one] : [one, place(conflict(redacted, known, rx), rx)];
      });
    },
  };
}

/** The value of a disclosure (compliance 1.4): salt, path, value. */
function textOf(disclosure: string): string {
  const [, , value] = JSON.parse(Buffer.from(disclosure, "base64url").toString("utf8")) as string[];
  return value ?? "";
}

/** The same id with another claim: the ledger keeps both, and says so in a record of its own. */
function conflict({ record }: Redacted, claims: ReadonlySet<string>, rx: string): Redacted {
  const own = createInternalRecords({
    tenant,
    key: tenantKey,
    clock: { now: () => rx },
    source: "custody",
    epoch: "",
  });
  return own.record({
    class: "integrity",
    key: ["conflict", record.id, ...[...claims].sort()],
    claim: "key",
    body: { kind: "conflict", detail: { record: record.id, class: record.class } },
    ...(record.session === undefined ? {} : { session: record.session }),
    ...(record.call === undefined ? {} : { call: record.call }),
  });
}
