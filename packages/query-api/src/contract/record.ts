import { recordClasses } from "@custody/model";
import { z } from "zod";

/** A record with its place in a ledger. `record` is the canonical record as hashed; `content` is present for keys that may read it. */
export const recordSchema = z.object({
  id: z.string(),
  class: z.enum(recordClasses),
  ledger: z.string(),
  leaf: z.int().nonnegative(),
  sha256: z.string(),
  record: z.record(z.string(), z.unknown()),
  content: z.record(z.string(), z.string()).optional(),
});
