import { approvalKinds, layers, type Scorecard } from "@custody/context";
import { z } from "zod";

const count = z.int().nonnegative();
const level = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);
const layer = z.enum(layers);
const coverage = z.union([
  z.literal("unknown"),
  z.object({ heard: count, expected: count, share: z.number() }),
]);
const cap = z.object({ level, why: z.string() });
const step = z.object({ level, do: z.string() });
const texts = z.array(z.string());

const indicator = z.object({
  id: z.string(),
  title: z.string(),
  level: level.nullable(),
  numbers: z
    .object({
      numerator: z.number(),
      denominator: z.number(),
      denominator_source: z.enum(["expected", "runtime", "telemetry", "unknown"]),
    })
    .nullable(),
  coverage,
  grades: z.object({ observed: z.number(), reported: z.number() }),
  said: z.string(),
  rules: texts,
  capped_by: z.array(cap),
  next: step.nullable(),
  examples: texts,
});

const tiers = z.array(
  z.object({
    tier: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
    actions: count,
    executed: count,
    refused: count,
    approved: count,
    observed: count,
    by: z.record(z.enum(approvalKinds), count),
    examples: texts,
  }),
);

/** The scorecard: a level for each layer, with what holds it down and what to do. */
export const postureSchema: z.ZodType<Scorecard> = z.object({
  from: z.string(),
  to: z.string(),
  overall: z.object({
    level,
    vector: z.record(layer, level),
    coverage,
    limiting: z.object({ layer, indicator: z.string() }),
  }),
  account: z.object({ shared: z.enum(["assumed", "not_known"]), why: z.string() }),
  layers: z.array(
    z.object({
      layer,
      title: z.string(),
      level,
      coverage,
      limiting: z.string(),
      capped_by: z.array(cap),
      next: step.nullable(),
      trend: z.object({ previous: level, change: z.int() }),
      indicators: z.array(indicator),
    }),
  ),
  tiers: z.object({ used: tiers, shipped: tiers, loosened: count }),
  approvals: z.object({
    decided: count,
    denied: count,
    timed: count,
    median_ms: z.number(),
    hasty: count,
    observed: count,
    grants: count,
    stale_grants: count,
    hasty_share: z.number().nullable(),
    denied_rate: z.number().nullable(),
    bypass_sessions: z.object({ waived: count, unwaived: count }),
  }),
  flows: z.object({
    all: count,
    allowed: count,
    denied: count,
    listed: count,
    explained: count,
    weak: count,
    none: count,
    unexplained_examples: texts,
  }),
  anchors: z.object({ count, said: z.string() }),
  cut: z.boolean(),
});
