import { steps } from "@custody/ledger";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createKillCampaign,
  type KillCampaign,
  repairSteps,
  targetTables,
} from "../support/kill-campaign.ts";
import { expectTold } from "../support/told-calls.ts";
import { expectWholeFolder } from "../support/whole-folder.ts";
import { custody } from "./custody-process.ts";

/** `npm run test:kill` does the same at length. */
const randomKills = 4;
const seed = Number(process.env["CUSTODY_KILL_SEED"] ?? Date.now() % 1_000_000);

let campaign: KillCampaign;
beforeAll(() => {
  campaign = createKillCampaign(seed);
});
afterAll(() => campaign.remove());

test(`killed at every named step, between target tables and at ${randomKills} random moments under load (seed ${seed}), it holds everything acknowledged once and signs one root a size`, {
  // Each of its lives ends by itself within a minute; a slow machine is no finding.
  timeout: 1_200_000,
}, async () => {
  const { random } = campaign;
  for (const step of steps) await campaign.killAtStep(step, random.whole(1, 2));
  for (const step of repairSteps) await campaign.killAtStep(step, 1);
  for (const table of targetTables) {
    await campaign.kill({ after: "part", table, count: random.whole(1, 3) });
  }
  for (let kill = 0; kill < randomKills; kill++) {
    await campaign.kill({ after: kill === 0 ? "start" : "ready", ms: random.whole(50, 1_500) });
  }
  await campaign.settle(async (where) => {
    const calls = [...campaign.load.acknowledged.values()];
    await expectTold(
      where,
      Array.from({ length: 12 }, () => calls[random.whole(0, calls.length - 1)]).flatMap(
        (call) => call ?? [],
      ),
    );
  });
  const whole = await expectWholeFolder(campaign);
  expect(whole.checkpoints).toBeGreaterThan(0);
  expect(await custody(["fsck", "--data", campaign.data, "--json"])).toMatchObject({ code: 0 });
});
