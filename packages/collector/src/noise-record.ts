import type { InternalFact } from "@custody/ledger";

/** Distinct noise names kept apart in one record; the rest is counted under `other`. */
const noiseNamesMax = 200;

/**
 * Compact counts of the items a delivery held whose names are known noise: never nothing (design 3). What is counted is what was
 * delivered: a repeated delivery counts again.
 */
export function noiseFact(
  subject: string,
  delivery: string,
  noise: ReadonlyMap<string, number>,
): InternalFact<"integrity"> {
  const names = [...noise].sort(([left], [right]) => (left < right ? -1 : 1));
  const other = names.slice(noiseNamesMax).reduce((sum, [, count]) => sum + count, 0);
  const counts = names.slice(0, noiseNamesMax).map(([name, count]) => ({ name, count }));
  return {
    class: "integrity",
    key: ["noise", delivery],
    body: { kind: "noise", detail: { subject, counts, ...(other > 0 ? { other } : {}) } },
  };
}
