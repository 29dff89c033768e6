import { expect, test } from "vitest";
import { networkCampaign } from "../support/network-campaign.ts";

const rounds = Number(process.env["NETWORK_ROUNDS"]);
const seed = Number(process.env["NETWORK_SEED"]);

test(`each fault of a network ${rounds} times, seed ${seed}`, async () => {
  const told = await networkCampaign(rounds, seed);
  process.stdout.write(`${JSON.stringify(told)}\n`);
  const once = [told.leaves, told.leaves];
  expect(told.held).toEqual({ records: once, content: once, claims: once });
  expect(new Set(Object.values(told.strikes))).toEqual(new Set([rounds]));
});
