import { type LedgerRecord, millisOf } from "@custody/model";
import { z } from "zod";
import { type Condition, condition, type Hit } from "../condition.ts";

const millis = z.int().positive();

type Skew = "future" | "late" | "offset";

/**
 * A source's clock and ours disagree (compliance 7.2): a record from the future, one that came too late to be told apart from a wrong clock, or
 * an offset that the source measured itself. Once for each sender and kind: a wrong clock is wrong in every record. Our own records, and a
 * time of receipt that stands in for a missing one, say nothing of a clock.
 */
export const clockSkewed: Condition = condition({
  cases: ["future", "late", "offset"],
  inputs: ["heartbeat", "tool_call", "egress"],
  parameters: z.strictObject({ future_ms: millis, late_ms: millis, offset_ms: millis }),
  find: (story, { future_ms, late_ms, offset_ms }) => {
    const first = new Map<string, Hit<Skew> & { readonly at: string }>();
    const note = (kind: Skew, record: LedgerRecord): void => {
      const sender = JSON.stringify([kind, record.src.auth.subject]);
      // The time of receipt is ours: what a wrong clock says of itself orders nothing.
      const about = record.src.auth.subject;
      const hit = { case: kind, at: record.rx, about, refs: [record.id] };
      const known = first.get(sender);
      if (known === undefined || isEarlier(hit, known)) first.set(sender, hit);
    };
    for (const name of clocked) {
      for (const record of story.of(name)) {
        if (record.src.auth.kind === "internal" || record.attrs?.["time.source"] === "rx") continue;
        const ahead = millisOf(record.ts) - millisOf(record.rx);
        if (ahead > future_ms) note("future", record);
        if (-ahead > late_ms) note("late", record);
      }
    }
    for (const record of story.of("heartbeat")) {
      if (Math.abs(record.body.clock_offset_ms ?? 0) > offset_ms) note("offset", record);
    }
    return [...first.values()];
  },
});

/** Classes whose time is that of an event, and not of a document. */
const clocked = [
  "session",
  "turn",
  "inference",
  "decision",
  "approval",
  "tool_call",
  "observation",
  "egress",
  "sandbox",
] as const;

function isEarlier(one: Hit, other: Hit): boolean {
  const left = `${one.at} ${one.refs[0]}`;
  return left < `${other.at} ${other.refs[0]}`;
}
