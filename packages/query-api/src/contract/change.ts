import { type ChangeView, changeStandings } from "@custody/model";
import { z } from "zod";

const grade = z.enum(["observed", "reported", "derived", "inferred"]);
const text = z.string().nullable();
const count = z.int().nonnegative().nullable();

/** A commit of a session, with what became of it. */
export const changeSchema: z.ZodType<ChangeView> = z.object({
  commit: text,
  repo: text,
  at: z.string(),
  standing: z.enum(changeStandings),
  match: z.object({ method: z.string(), confidence: z.enum(["high", "medium", "low"]) }),
  call: text,
  grade,
  agents: z.array(z.string()),
  branch: text,
  pr: text,
  pr_host: text,
  reviewers: z.array(z.string()).nullable(),
  checks_passed: z.boolean().nullable(),
  merged_by: text,
  merged_at: text,
  deployed_env: text,
  files: count,
  added: count,
  removed: count,
  attributed: count,
  unattributed: count,
  changed: z
    .array(z.object({ path: z.string(), added: count, removed: count, calls: z.array(z.string()) }))
    .nullable(),
  record_ids: z.array(z.string()),
});
