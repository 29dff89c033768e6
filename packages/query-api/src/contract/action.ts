import {
  type ActionView,
  approvalCodes,
  approverStrengths,
  approvers,
  originStates,
  scopes,
  toolKinds,
  verdicts,
} from "@custody/model";
import { z } from "zod";
import { actionSandboxSchema } from "./sandbox.ts";

const state = z.enum(["reported", "withheld", "missing", "unknown"]);
const grade = z.enum(["observed", "reported", "derived", "inferred"]);
const text = z.string().nullable();

const match = z.object({ method: z.string(), confidence: z.enum(["high", "medium", "low"]) });

const approval = z.object({
  record: z.string(),
  verdict: z.enum(verdicts),
  by: z.enum(approvers),
  scope: z.enum(scopes),
  approver: text,
  raw: z.string(),
  at: z.string(),
  latency_ms: z.int().nullable(),
  grade,
  match: match.nullable(),
  standing: z.object({ valid: z.boolean(), why: z.array(z.enum(approvalCodes)) }).nullable(),
  approver_strength: z.enum(approverStrengths),
  hook_managed: z.literal("unknown").nullable(),
  origin: z
    .object({ record: z.string(), at: z.string(), by: z.enum(approvers), approver: text, grade })
    .nullable(),
  origin_state: z.enum(originStates).nullable(),
});

const egress = z.object({
  host: z.string(),
  port: z.int(),
  protocol: z.string(),
  action: z.enum(["allowed", "denied", "asked"]),
  rule: text,
  reason: text,
  bytes_out: z.int().nullable(),
  at: z.string(),
  match,
  grade,
  vantage: z.literal("enforcer").nullable(),
});

/** An action: one (session, call) with everything joined, as contract section 5 gives it. */
export const actionSchema: z.ZodType<ActionView> = z.object({
  id: z.string(),
  session: z.string(),
  turn: text,
  call: z.string(),
  agent: z.string(),
  principal: text,
  contested: z.boolean(),
  tool: z.string(),
  kind: z.enum(toolKinds),
  tier: z.int().min(0).max(3),
  started_at: z.string(),
  ended_at: text,
  duration_ms: z.int().nullable(),
  intent: z.object({ arguments: text, reason: text, state }),
  approvals: z.array(approval),
  sandbox: actionSandboxSchema,
  egress: z.array(egress),
  outcome: z.object({
    status: z.enum(["executed", "blocked", "denied", "error", "timeout", "unknown"]),
    success: z.boolean().nullable(),
    exit_code: z.int().nullable(),
    grade,
  }),
  observation: z
    .object({ bytes: z.int().nullable(), digest: text, excerpt: text, trust: z.string(), state })
    .nullable(),
  effects: z.array(
    z.object({
      kind: z.enum(["file", "package", "commit", "host"]),
      target: z.string(),
      grade,
      match: z
        .object({ method: z.string(), confidence: z.enum(["high", "medium", "low"]) })
        .exactOptional(),
      commit: z.string().exactOptional(),
      version: z.string().exactOptional(),
      registry: z.string().exactOptional(),
    }),
  ),
  findings: z.array(z.string()),
  record_ids: z.array(z.string()),
});
