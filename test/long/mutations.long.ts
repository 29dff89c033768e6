import { expect, test } from "vitest";
import { mutationCampaign } from "../captures/mutation-campaign.ts";

const captures = Number(process.env["MUTATED_CAPTURES"]);
const seed = Number(process.env["MUTATION_SEED"]);

test(`${captures} mutated captures, seed ${seed}`, () => {
  const { mutations, lost, unstable, byAgent } = mutationCampaign(captures, seed);
  const rows = [...byAgent].map(([agent, { expected, right }]) => ({
    agent,
    untouched: expected,
    "still right": right,
    percent: ((100 * right) / expected).toFixed(2),
  }));
  process.stdout.write(
    `${mutations} mutations; ${lost.length} lost; ${unstable.length} ids moved\n`,
  );
  for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`);
  expect({ lost, unstable }).toEqual({ lost: [], unstable: [] });
  for (const [agent, { expected, right, wrong }] of byAgent) {
    expect(right / expected, `${agent}: ${wrong.join("\n")}`).toBeGreaterThanOrEqual(0.95);
  }
});
