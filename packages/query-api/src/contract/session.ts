import type { SessionView } from "@custody/model";
import { z } from "zod";
import { changeSchema } from "./change.ts";
import { crossCheckSchema } from "./cross-check.ts";
import { sessionSandboxSchema } from "./sandbox.ts";

const state = z.enum(["reported", "withheld", "missing", "unknown"]);
const count = z.int().nonnegative();

/** A session, as contract section 5 gives it. */
export const sessionSchema: z.ZodType<SessionView> = z.object({
  id: z.string(),
  agent: z.object({
    name: z.string(),
    version: z.string().nullable(),
    model: z.string().nullable(),
  }),
  principal: z.string().nullable(),
  repo: z.string().nullable(),
  started_at: z.string(),
  ended_at: z.string().nullable(),
  status: z.enum(["open", "ended", "unclean"]),
  conversation: z.boolean(),
  approval_mode: z.string().nullable(),
  sandbox: sessionSandboxSchema,
  counts: z.object({
    turns: count,
    inferences: count,
    decisions: count,
    approvals: count,
    tool_calls: count,
    denied: count,
    blocked: count,
    observations: count,
    egress_allowed: count,
    egress_denied: count,
    egress_unexplained: count,
    egress_weak: count,
    commits: count,
    findings: count,
  }),
  tokens: z.object({ input: count, cached_input: count, output: count, reasoning: count }),
  cost_usd: z.number().nullable(),
  fidelity: z.object({
    prompt: state,
    arguments: state,
    results: state,
    approvals: state,
    sandbox: state,
    egress: state,
    identity: state,
  }),
  changes: z.array(changeSchema),
  cross_check: z.array(crossCheckSchema).exactOptional(),
});
