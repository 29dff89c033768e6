import { expect, test } from "vitest";
import { networkCampaign } from "../support/network-campaign.ts";

test("whatever a network does to an insert or its repair, cut or silent, every leaf is stored in the end, and once", async () => {
  const { strikes, leaves, held } = await networkCampaign(1, 20261123);
  expect(Object.values(strikes)).toEqual([1, 1, 1, 1, 1]);
  const once = [leaves, leaves];
  expect(held).toEqual({ records: once, content: once, claims: once });
});
