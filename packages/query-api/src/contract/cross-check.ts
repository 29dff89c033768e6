import { type CrossCheck, tallyMeasures, temporalities } from "@custody/model";
import { z } from "zod";

/** One measure of a source's own metrics, held against its records. */
export const crossCheckSchema: z.ZodType<CrossCheck> = z.object({
  measure: z.enum(tallyMeasures),
  metric: z.string(),
  records: z.int().nonnegative().nullable(),
  metrics: z.int().nonnegative(),
  temporality: z.enum(temporalities),
  agrees: z.boolean().nullable(),
  why: z.string(),
});
