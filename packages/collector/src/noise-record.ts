import { asStamped, type Principal, recordVersion, type Stamped } from "@custody/model";
import type { TenantDigest } from "./pipeline/tenant-digest.ts";

/** Distinct noise names kept apart in one record; the rest is counted under `other`. */
const noiseNamesMax = 200;

/** Compact counts of the items a delivery held whose names are known noise: never nothing (design 3). A delivery is counted each time it arrives. */
export function noiseRecord(input: {
  readonly digest: TenantDigest;
  readonly principal: Principal;
  readonly now: string;
  readonly noise: ReadonlyMap<string, number>;
  readonly delivery: string;
}): Stamped {
  const { digest, principal, now, noise, delivery } = input;
  const id = digest.recordId("custody", "custody", ["integrity", "noise", delivery]);
  const names = [...noise].sort(([left], [right]) => (left < right ? -1 : 1));
  const other = names.slice(noiseNamesMax).reduce((sum, [, count]) => sum + count, 0);
  const counts = names.slice(0, noiseNamesMax).map(([name, count]) => ({ name, count }));
  return asStamped({
    record: {
      v: recordVersion,
      id,
      nonce: digest.nonce(id),
      class: "integrity",
      tenant: principal.tenant,
      ts: now,
      src: { auth: { method: "internal", kind: "internal", subject: "custody" }, epoch: "", id: "custody" },
      grade: "derived",
      dialect: { name: "custody", version: "1" },
      body: {
        kind: "noise",
        detail: { subject: principal.auth.subject, counts, ...(other > 0 ? { other } : {}) },
      },
    },
    claim: digest.claim([delivery, counts]),
    content: [],
  });
}
