import { join } from "node:path";
import { steps } from "@custody/ledger";
import { openStore } from "@custody/storage";
import { afterAll, beforeAll, expect, test } from "vitest";
import { custody } from "../e2e/custody-process.ts";
import {
  createKillCampaign,
  type Death,
  type KillCampaign,
  type Moment,
  repairSteps,
  targetTables,
} from "../support/kill-campaign.ts";
import { expectTold } from "../support/told-calls.ts";
import { expectWholeFolder } from "../support/whole-folder.ts";

const kills = Number(process.env["KILL_COUNT"] ?? 20);
const seed = Number(process.env["KILL_SEED"] ?? 1);

let campaign: KillCampaign;
beforeAll(() => {
  campaign = createKillCampaign(seed);
});
afterAll(() => campaign.remove());

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** How many leaves some target tables hold that others lack: a death that fell between two of them. */
async function unequalTargets(): Promise<number> {
  const store = await openStore({ kind: "embedded", dir: join(campaign.data, "store") });
  try {
    const [row] = await store.reader.rows({
      sql: `SELECT count() AS n FROM (SELECT ledger, leaf FROM records) AS r
        FULL JOIN (SELECT ledger, leaf FROM claims) AS c USING (ledger, leaf)
        WHERE r.leaf != c.leaf OR r.ledger = '' OR c.ledger = ''`,
      params: {},
    });
    const [lacking] = await store.reader.rows({
      sql: `SELECT countIf(class = 'tool_call' AND (ledger, leaf) NOT IN (SELECT ledger, leaf FROM content)) AS n FROM records`,
      params: {},
    });
    return Number(row?.["n"]) + Number(lacking?.["n"]);
  } finally {
    await store.close();
  }
}

async function report(what: string, dying: Promise<Death>): Promise<void> {
  const began = campaign.load.acknowledged.size;
  const death = await dying;
  const fsck = await custody(["fsck", "--data", campaign.data, "--json"]);
  // Before anything was started again: what a checkpoint covers is whole even then.
  expect(fsck.code, fsck.stdout + fsck.stderr).toBe(0);
  say(
    [
      `${what}, ${death.wasReady ? "serving" : "starting"}:`.padEnd(42),
      `acknowledged ${death.acknowledgedBefore - began} calls`,
      `cut off ${death.unansweredThen} requests`,
      `leaves in some tables only ${await unequalTargets()}`,
    ].join("  "),
  );
}

function drawn(kill: number): Moment {
  const { random } = campaign;
  return { after: kill % 5 === 4 ? "start" : "ready", ms: random.whole(20, 3_000) };
}

test(`killed at ${kills} random moments, at every named step and between target tables (seed ${seed}), it holds everything acknowledged once and signs one root a size`, async () => {
  const { random, load } = campaign;
  for (let kill = 0; kill < kills; kill++) {
    const moment = drawn(kill);
    const what = moment.after === "part" ? "" : `${moment.ms} ms after ${moment.after}`;
    await report(`kill ${kill + 1}: ${what}`, campaign.kill(moment));
  }
  for (const step of steps) {
    await report(`at ${step}`, campaign.killAtStep(step, random.whole(1, 4)));
  }
  for (const step of repairSteps) await report(`at ${step}`, campaign.killAtStep(step, 1));
  for (const table of [...targetTables, ...targetTables]) {
    const moment = { after: "part", table, count: random.whole(1, 6) } as const;
    await report(`part ${moment.count} of ${table}`, campaign.kill(moment));
  }
  await campaign.settle(async (where) => {
    await expectTold(
      where,
      [...load.acknowledged.values()].filter((_, at) => at % 500 === 0),
    );
  });
  const whole = await expectWholeFolder(campaign);
  const fsck = await custody(["fsck", "--data", campaign.data]);
  expect(fsck.code).toBe(0);
  say(`acknowledged and found once: ${load.acknowledged.size} calls in ${whole.receipts} answers`);
  say(`heads signed, served or named in receipts: ${whole.checkpoints}, each with one root`);
  say(fsck.stdout.trim());
});
