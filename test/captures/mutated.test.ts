import { expect, test } from "vitest";
import { mutationCampaign } from "./mutation-campaign.ts";

/** `npm run test:mutations` does the same ten thousand times. */
const captures = 2_000;
const seed = Number(process.env["CUSTODY_MUTATION_SEED"] ?? Date.now() % 1_000_000);

test(`of ${captures} mutated captures (seed ${seed}) nothing is lost uncounted, ids hold, and what the mutation did not touch stays right`, () => {
  const { lost, unstable, byAgent } = mutationCampaign(captures, seed);
  expect(lost).toEqual([]);
  expect(unstable).toEqual([]);
  for (const [agent, { expected, right, wrong }] of byAgent) {
    expect(right / expected, `${agent}: ${wrong.join("\n")}`).toBeGreaterThanOrEqual(0.95);
  }
}, 120_000);
