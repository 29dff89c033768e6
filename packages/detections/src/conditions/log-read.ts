import type { LedgerRecord } from "@custody/model";
import { z } from "zod";
import { type Condition, condition, type Hit } from "../condition.ts";
import { timeOf } from "../record-order.ts";

type Fault = "refused" | "bulk" | "purposeless";
type Access = LedgerRecord<"access">;

const count = z.int().positive();
const parametersSchema = z.strictObject({
  refused_max: count,
  content_rows_max: count,
  /** Reads that say what for, or are not to be made. */
  purposed: z.array(z.string().min(1)).min(1),
});

/**
 * The log is read in a way that somebody should look at: `refused`, one key was turned away again and again; `bulk`, it opened more content in a day than an
 * inquiry needs; `purposeless`, it exported or opened what is to be opened for a stated purpose, and stated none. Once for each key and day.
 */
export const logRead: Condition = condition({
  cases: ["refused", "bulk", "purposeless"],
  inputs: ["access"],
  parameters: parametersSchema,
  findInDay: (day, { refused_max, content_rows_max, purposed }) => {
    const counts = new Map<string, number>();
    return day.of("access").flatMap((record): readonly Hit<Fault>[] => {
      const { action, result, purpose, rows = 0, count: times = 1 } = record.body;
      const reader = readerOf(record);
      const over = (name: Fault, by: number, most: number): boolean => {
        const key = `${name} ${reader}`;
        const before = counts.get(key) ?? 0;
        counts.set(key, before + by);
        return before <= most && before + by > most;
      };
      const hit = (name: Fault): Hit<Fault> => {
        const about = `${reader} ${day.day}`;
        return { case: name, at: timeOf(record), about, refs: [record.id] };
      };
      if (result === "refused") return over("refused", times, refused_max) ? [hit("refused")] : [];
      const isBulk = action === "content" && over("bulk", rows, content_rows_max);
      const isBlind = purposed.includes(action) && (purpose ?? "").trim() === "";
      return [
        ...(isBulk ? [hit("bulk")] : []),
        ...(isBlind && over("purposeless", 1, 0) ? [hit("purposeless")] : []),
      ];
    });
  },
});

/** Our own account of a read names the key's holder as its actor. */
function readerOf({ actor, src }: Access): string {
  return actor?.id ?? src.auth.subject;
}
