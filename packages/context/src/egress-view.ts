import type { EgressView, PlacedRecord } from "@custody/model";
import { placementBy } from "./placement.ts";
import { compareRecords, distinctById, ofClass } from "./record-order.ts";

/** The flows of one call in order of time, each with how we know that it is this call's. */
export function egressViews(records: readonly PlacedRecord[]): readonly EgressView[] {
  const placement = placementBy(records);
  return ofClass(distinctById(records), "egress")
    .toSorted(compareRecords)
    .map((record) => {
      const { link } = placement.of(record);
      const { body } = record;
      return {
        host: body.host,
        port: body.port,
        protocol: body.protocol,
        action: body.action,
        rule: body.rule ?? null,
        reason: body.reason ?? null,
        bytes_out: body.bytes_out ?? null,
        at: record.ts,
        // Without a link the flow's own record names the call.
        match: link
          ? { method: link.body.method, confidence: link.body.confidence }
          : { method: "stated", confidence: "high" as const },
        grade: record.grade,
        vantage: record.vantage ?? null,
      };
    });
}
