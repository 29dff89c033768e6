import type { CrossCheck, SessionView } from "@custody/model";
import type { AgentsAnswer } from "@custody/query-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectedTruths } from "../captures/truth.ts";
import { capturedRequests, send } from "./captures.ts";
import {
  type CustodyProcess,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { everyItem, stored, type ToldRecord } from "./told.ts";

// What agents count of themselves stands beside their records, and nowhere in place of them.

const data = temporaryFolder("cross-check");
let custody: CustodyProcess;

const runs = [
  ["claude-code", "tool-edit"],
  ["gemini-cli", "tool-edit"],
  ["codex", "tool-edit"],
] as const;

async function sendAll(
  [agent, scenario]: readonly [string, string],
  signals: readonly string[] = ["traces", "logs", "metrics"],
): Promise<void> {
  for (const request of capturedRequests(agent, scenario)) {
    if (!signals.includes(request.signal)) continue;
    expect(await send(custody.otlp, request)).toBe(200);
  }
  await stored(custody);
}

async function sessionOf(agent: string, scenario: string): Promise<SessionView> {
  const id = expectedTruths(agent)[scenario]?.session;
  return (await custody.get(`/v1/sessions/${id}`)) as SessionView;
}

const values = (checks: readonly CrossCheck[] | undefined): readonly string[] =>
  (checks ?? []).map(({ measure, records, metrics }) => `${measure} ${records} ${metrics}`);

async function agentChecks(name: string): Promise<readonly CrossCheck[]> {
  const { items } = (await custody.get("/v1/agents")) as AgentsAnswer;
  return items.find((one) => one.name === name)?.cross_check ?? [];
}

beforeAll(async () => {
  custody = await startCustody(data);
  for (const run of runs) await sendAll(run);
});

afterAll(async () => {
  expect(await custody.stop()).toBe(0);
  removeFolder(data);
});

describe("a session whose metrics name it", () => {
  test.each(runs.slice(0, 2))(
    "of %s shows records and metrics side by side, and they agree",
    async (agent, scenario) => {
      const { cross_check: checks, tokens } = await sessionOf(agent, scenario);
      const input = checks?.find(({ measure }) => measure === "input_tokens");
      expect(input).toMatchObject({ records: tokens.input, metrics: tokens.input, agrees: true });
      expect(checks?.filter(({ agrees }) => agrees !== true)).toEqual([]);
    },
  );

  test.each(runs.slice(0, 2))(
    "of %s counts points that came twice once, delta and cumulative alike",
    async (...run) => {
      const before = await sessionOf(...run);
      await sendAll(run);
      expect(values((await sessionOf(...run)).cross_check)).toEqual(values(before.cross_check));
    },
  );
});

describe("an agent whose metrics name no session", () => {
  test("is held against all its sessions together", async () => {
    const checks = await agentChecks("codex");
    expect(checks.length).toBeGreaterThan(5);
    expect(checks.filter(({ agrees }) => agrees !== true)).toEqual([]);
    expect((await sessionOf("codex", "tool-edit")).cross_check).toBeUndefined();
  });

  test("disagrees where the records of one of them never came, and says by how much", async () => {
    await sendAll(["codex", "network-proxy"], ["metrics"]);
    const checks = await agentChecks("codex");
    const input = checks.find(({ measure }) => measure === "input_tokens");
    expect(input?.agrees).toBe(false);
    expect(input?.why).toContain("more than the records tell");
  });

  test("is not compared in a period that cuts its sessions", async () => {
    const { items } = (await custody.get("/v1/agents?to=2262-01-01T00:00:00Z")) as AgentsAnswer;
    const checks = items.find(({ name }) => name === "codex")?.cross_check ?? [];
    expect(new Set(checks.map(({ agrees }) => agrees))).toEqual(new Set([null]));
  });
});

test("no count of an agent's own passes for the ledger's word: the ledgers hold, and no gap is theirs", async () => {
  const records = await everyItem<ToldRecord>(custody, "/v1/records?class=integrity");
  const told = records.filter(({ record }) => record.src.auth.kind !== "internal");
  expect(told.length).toBeGreaterThan(20);
  expect(new Set(told.map(({ record }) => record.body["kind"]))).toEqual(new Set(["tally"]));
  const { findings } = (await custody.post("/v1/fsck", {})) as { findings: readonly unknown[] };
  expect(findings).toEqual([]);
});
