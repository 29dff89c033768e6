import type { InternalFact } from "@custody/ledger";
import type { DriftCount } from "./drift-counts.ts";

/**
 * How the telemetry of one delivery strayed from what its dialects were written against, beside the count of its noise. What is counted
 * is what was delivered: a repeated delivery counts again.
 */
export function driftFact(
  subject: string,
  delivery: string,
  counts: readonly DriftCount[],
): InternalFact<"integrity"> {
  return {
    class: "integrity",
    key: ["drift", delivery],
    body: { kind: "drift", detail: { subject, counts } },
  };
}
