import type { LedgerRecord } from "@custody/model";
import { z } from "zod";
import { type Condition, condition, type Hit } from "../condition.ts";
import { timeOf } from "../record-order.ts";

type Fault = "failed" | "reopened" | "conflict" | "discarded";
type Integrity = LedgerRecord<"integrity">;

const parametersSchema = z.strictObject({
  /** What a verification calls a failure, in its `result`. */
  failures: z.array(z.string().min(1)).min(1),
});

/**
 * The log's own account of itself is not clean: `failed`, a verification said so; `reopened`, a ledger goes on from a copied or restored folder under another
 * name; `conflict`, two accounts stand under one id; `discarded`, the end of a journal was torn, and what stood behind it had never been acknowledged.
 * What a database did to its tables between two verifications no record tells.
 */
export const logTampered: Condition = condition({
  cases: ["failed", "reopened", "conflict", "discarded"],
  inputs: ["integrity"],
  parameters: parametersSchema,
  findInDay: (day, { failures }) =>
    day.of("integrity").flatMap((record): readonly Hit<Fault>[] => {
      if (record.src.auth.kind !== "internal") return [];
      const fault = faultOf(record, failures);
      return fault === undefined
        ? []
        : [{ case: fault, at: timeOf(record), about: record.id, refs: [record.id] }];
    }),
});

function faultOf(
  { body: { kind, detail } }: Integrity,
  failures: readonly string[],
): Fault | undefined {
  if (kind === "conflict") return "conflict";
  if (kind === "origin") return detail["predecessor"] === undefined ? undefined : "reopened";
  if (kind !== "verify") return undefined;
  const { result, ok, discarded_files } = detail as Readonly<Record<string, unknown>>;
  if (ok === false || (typeof result === "string" && failures.includes(result))) return "failed";
  return typeof discarded_files === "number" && discarded_files > 0 ? "discarded" : undefined;
}
