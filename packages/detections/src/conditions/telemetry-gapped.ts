import { type LedgerRecord, millisOf, timeFromText } from "@custody/model";
import { z } from "zod";
import { type Condition, condition, type Hit } from "../condition.ts";
import { timeOf } from "../record-order.ts";

type Cause = "gap" | "silent" | "downtime";
type Integrity = LedgerRecord<"integrity">;

const parametersSchema = z.strictObject({
  /** A gap in which fewer records are missing is none. */
  missing_min: z.int().positive(),
  /** Words by which a gap is no longer open. */
  ended: z.array(z.string().min(1)).min(1),
  silent: z.array(z.string().min(1)).min(1),
  downtime_ms_min: z.int().positive(),
});
type Parameters = z.infer<typeof parametersSchema>;

/**
 * Telemetry is missing, by our own account of it: `gap`, numbers that a source gave and that never came; `silent`, a source that should speak and does not;
 * `downtime`, we ourselves were not there to hear. Of several accounts of one gap the last counts, so that what came late closes it.
 */
export const telemetryGapped: Condition = condition({
  cases: ["gap", "silent", "downtime"],
  inputs: ["integrity"],
  parameters: parametersSchema,
  findInDay: (day, parameters) => {
    const last = new Map<string, Integrity>();
    for (const record of day.of("integrity")) {
      // Only what we wrote ourselves is an account of what came: nobody closes a gap by saying so.
      if (record.body.kind === "gap" && record.src.auth.kind === "internal")
        last.set(aboutOf(record), record);
    }
    return [...last].flatMap(([about, record]): readonly Hit<Cause>[] => {
      const cause = causeOf(record, parameters);
      if (cause === undefined) return [];
      return [{ case: cause, at: timeOf(record), about, refs: [record.id], inferred: true }];
    });
  },
});

/** A gap is known by its source and its beginning: its end may move. */
function aboutOf({ body: { detail } }: Integrity): string {
  const said = [detail["source"], detail["epoch"], detail["kind"], detail["from"]];
  return said.filter((one) => typeof one === "string" || typeof one === "number").join(" ");
}

function causeOf({ body: { detail } }: Integrity, parameters: Parameters): Cause | undefined {
  const { missing_min, ended, silent, downtime_ms_min } = parameters;
  const { status, cause, from, to, kind } = detail as Readonly<Record<string, unknown>>;
  if (typeof status === "string" && ended.includes(status)) return undefined;
  if (kind === "downtime")
    return millisBetween(from, to) < downtime_ms_min ? undefined : "downtime";
  if (typeof cause === "string" && silent.includes(cause)) return "silent";
  const missing = typeof from === "number" && typeof to === "number" ? to - from + 1 : missing_min;
  return missing < missing_min ? undefined : "gap";
}

function millisBetween(from: unknown, to: unknown): number {
  const [begin, end] = [from, to].map((one) => timeFromText(typeof one === "string" ? one : ""));
  return begin === undefined || end === undefined ? 0 : millisOf(end) - millisOf(begin);
}
