import { grades } from "@custody/model";
import { z } from "zod";

export const severities = ["critical", "high", "medium", "low"] as const;
export const findingStatuses = ["open", "withdrawn", "triaged", "contained", "closed"] as const;
export const dispositions = ["true", "benign", "false"] as const;

const text = z.string().nullable();

/** What a person said of a finding. `reason` is content: null for keys that may not read it. */
const saidSchema = z.object({
  record_id: z.string(),
  at: z.string(),
  by: z.string(),
  status: z.enum(findingStatuses),
  disposition: z.enum(dispositions).nullable(),
  owner: text,
  reason: text,
});

export const findingSchema = z.object({
  id: z.string(),
  rule: z.string(),
  rule_version: z.string(),
  title: text,
  severity: z.enum(severities),
  status: z.enum(findingStatuses),
  /** Somebody closed it, and its rule found records since that nobody had seen. */
  reopened: z.boolean(),
  case: text,
  about: text,
  agent: text,
  session: text,
  call: text,
  /** The action that it is of. */
  action: text,
  /** When what was found happened, and when it was first written. */
  at: z.string(),
  found_at: z.string(),
  due: z.string(),
  overdue: z.boolean(),
  owner: text,
  disposition: z.enum(dispositions).nullable(),
  grade: z.enum(grades),
  /** The records that show it, and how many were looked at. */
  refs: z.array(z.string()),
  basis: z.int().nonnegative(),
  /** What to do about it. */
  next: text,
  history: z.array(saidSchema),
  record_ids: z.array(z.string()),
});
export type FindingView = z.output<typeof findingSchema>;

export const ruleSchema = z.object({
  id: z.string(),
  version: z.string(),
  title: z.string(),
  severity: z.record(z.string(), z.enum(severities)),
  scopes: z.array(z.enum(["session", "day"])),
  /** In the window; null: never. */
  last_fired_at: text,
  findings: z.int().nonnegative(),
  open: z.int().nonnegative(),
  /** The classes without which it is silent, and how many records of each came in the window. */
  inputs: z.array(z.object({ class: z.string(), records: z.int().nonnegative() })),
  /** True where it found nothing because nothing came that it looks at. */
  blind: z.boolean(),
});
export type RuleView = z.output<typeof ruleSchema>;
