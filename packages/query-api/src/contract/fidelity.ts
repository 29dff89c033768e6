import {
  type ExplainedFact,
  type FactExplanation,
  type FidelityView,
  type SessionSource,
  sourceLevels,
} from "@custody/model";
import { z } from "zod";

const factState = z.enum(["reported", "withheld", "missing", "unknown"]);
export const sourceLevel = z.enum(sourceLevels);
const count = z.int().nonnegative();

export const explainedFact: z.ZodType<ExplainedFact> = z.enum([
  "session",
  "turn",
  "prompt",
  "decision",
  "approvals",
  "tool_call",
  "arguments",
  "results",
  "exit_code",
  "sandbox",
  "egress",
  "tokens",
  "identity",
]);

const explanation: z.ZodType<FactExplanation> = z.object({
  fact: explainedFact,
  state: factState,
  level: sourceLevel.nullable(),
  why: z.string(),
  remedy: z.string().nullable(),
  occasions: z.object({ told: count, withheld: count, missing: count, unknown: count }),
});

const source: z.ZodType<SessionSource> = z.object({
  speaker: z.enum(["agent", "observer", "authority"]),
  name: z.string(),
  dialect: z.string(),
});

/** Why each fact of a session is known, or is not. */
export const fidelitySchema: z.ZodType<FidelityView> = z.object({
  session: z.string(),
  agent: z.object({
    name: z.string(),
    version: z.string().nullable(),
    model: z.string().nullable(),
  }),
  sources: z.array(source),
  facts: z.array(explanation),
});
