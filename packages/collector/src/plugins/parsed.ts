import type { z } from "zod";
import { Refusal } from "../errors.ts";

/** Parses at the door: strict, once. Every fault is named with its place, never with the value. */
export function parsed<T extends z.ZodType>(schema: T, input: unknown, place: string): z.output<T> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => ({
    path: [place, ...issue.path.map(String)].join("."),
    message: issue.message,
  }));
  throw new Refusal("malformed", `${problems.length} fault(s) in the ${place}`, {
    fields: { problems },
  });
}
