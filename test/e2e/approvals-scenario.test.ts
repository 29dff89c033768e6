import { hash } from "node:crypto";
import { type ActionView, actionIdText } from "@custody/model";
import { createFakeModelServer, type ModelStep, runScriptedAgent } from "@custody/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Desk, type DeskOptions, type DeskRule, startDesk } from "../support/approval-desk.ts";
import {
  type CustodyProcess,
  eventually,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { everyItem, settled, type ToldRecord } from "./told.ts";

// An agent that asks, a person at a console who answers, and Custody between them: three processes. The console tells of its verdicts under the
// person's own key; how each stands is read from the action.

const data = temporaryFolder("approvals");
const workspace = temporaryFolder("approvals-work");
const uses = 20;
let custody: CustodyProcess;
let agentKey: string;
let personKey: string;
let grant: string;
let pass: string;

/** Commands that the agent asks about. */
const push = (name: string) => `git push origin ${name}`;
/** Of tier 3: it takes another person than the one who asked. */
const remove = "rm -rf build";

function calls(commands: Readonly<Record<string, string>>): readonly ModelStep[] {
  const asked = Object.entries(commands).map(([id, command]) => ({
    id,
    tool: "run_command",
    arguments: { command },
  }));
  return [{ calls: asked }, { say: "Done." }];
}

async function run(session: string, desk: Desk, commands: Readonly<Record<string, string>>) {
  const model = await createFakeModelServer({ steps: calls(commands) });
  const { exitCode, stderr } = await runScriptedAgent({
    modelUrl: model.url,
    workspace,
    proxyUrl: "http://127.0.0.1:9",
    consoleUrl: desk.urlFor(session),
    session,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: custody.otlp,
      CUSTODY_KEY: agentKey,
      // A machine that does much else may be slow to answer.
      CUSTODY_FLUSH_TIMEOUT_MS: "60000",
      OTEL_EXPORTER_OTLP_TIMEOUT: "60000",
    },
  });
  await model.close();
  expect([exitCode, stderr]).toEqual([0, ""]);
}

/** What a console shows to a person: the tool and its arguments. */
const shown = (name: string) => ({
  tool: "run_command",
  arguments: JSON.stringify({ command: push(name) }),
});

/** Every console that was started: none outlives the test. */
const desks: Desk[] = [];

async function desk(rules: readonly DeskRule[], tell: DeskOptions["tell"] = []): Promise<Desk> {
  const started = await startDesk({ collector: custody.otlp, key: personKey, rules, tell });
  desks.push(started);
  return started;
}

async function digestOf(session: string, call: string): Promise<string> {
  const told = await everyItem<ToldRecord>(
    custody,
    `/v1/records?session=${session}&call=${call}&class=tool_call`,
  );
  return String(told[0]?.record.body["action_digest"]);
}

beforeAll(async () => {
  custody = await startCustody(data);
  agentKey = await custody.key("agent", "laptop-1");
  personKey = await custody.key("authority", "bob");
  const first = await desk([
    { command: "in-time", body: {} },
    { command: "late", later_ms: 2_500 },
    { command: "mutated", body: shown("harmless") },
    { command: remove, body: { requester: "bob" } },
  ]);
  await run("s-asked", first, {
    in_time: push("in-time"),
    late: push("late"),
    mutated: push("mutated"),
    own: remove,
    unasked: push("standing"),
  });
  await eventually(async () => {
    const said = await everyItem(custody, "/v1/records?class=approval&session=s-asked&call=late");
    return said.length > 0 ? true : undefined;
  }, "the late verdict");
  // What is said of an action before any call of it: once of one, for good of the other.
  const second = await desk(
    [],
    [
      shown("in-time"),
      {
        action_digest: await digestOf("s-asked", "unasked"),
        scope: "standing",
        grant: "g-1",
        expires: "2099-01-01T00:00:00Z",
      },
    ],
  );
  [pass = "", grant = ""] = second.told;
  await run("s-said-before", second, {
    first: push("in-time"),
    again: push("in-time"),
    ...Object.fromEntries(
      Array.from({ length: uses }, (_, number) => [`use_${number}`, push("standing")]),
    ),
  });
  await settled(custody);
});

afterAll(async () => {
  await Promise.all(desks.map((one) => one.stop()));
  expect(await custody.stop()).toBe(0);
  removeFolder(data);
  removeFolder(workspace);
});

async function action(session: string, call: string): Promise<ActionView> {
  const id = hash("sha256", actionIdText("default", session, call), "hex").slice(0, 32);
  return (await custody.get(`/v1/actions/${id}`)) as ActionView;
}

const said = async (session: string, call: string) =>
  (await action(session, call)).approvals.filter(({ grade }) => grade === "observed");

test("approved in time", async () => {
  expect(await said("s-asked", "in_time")).toMatchObject([
    {
      verdict: "allow",
      by: "human",
      approver: "bob",
      grade: "observed",
      approver_strength: "authority_key",
      match: null,
      standing: { valid: true, why: [] },
    },
  ]);
});

test("approved after it had run", async () => {
  expect(await said("s-asked", "late")).toMatchObject([
    { standing: { valid: false, why: ["late"] } },
  ]);
});

test("approved for other arguments than those that ran", async () => {
  expect(await said("s-asked", "mutated")).toMatchObject([
    { standing: { valid: false, why: ["mutated"] } },
  ]);
});

test("approved by the one who asked, where it takes another", async () => {
  expect((await action("s-asked", "own")).tier).toBe(3);
  expect(await said("s-asked", "own")).toMatchObject([
    { standing: { valid: false, why: ["self_approved"] } },
  ]);
});

test("approved by its digest alone, before there was a call: the first execution from then on, and not the one before", async () => {
  expect(await said("s-said-before", "first")).toMatchObject([
    {
      record: pass,
      match: { method: "action_digest", confidence: "high" },
      standing: { valid: true, why: [] },
    },
  ]);
  const before = await said("s-asked", "in_time");
  expect(before.map(({ record }) => record)).not.toContain(pass);
});

test("used for a second execution", async () => {
  expect(await said("s-said-before", "again")).toMatchObject([
    {
      record: pass,
      match: { method: "replay", confidence: "high" },
      standing: { valid: false, why: ["replayed"] },
    },
  ]);
});

test("a standing yes, used twenty times, is traced to the record that gave it each time", async () => {
  for (let number = 0; number < uses; number++) {
    expect(await said("s-said-before", `use_${number}`), String(number)).toMatchObject([
      {
        record: grant,
        scope: "standing",
        standing: { valid: true, why: [] },
        origin: { record: grant, by: "human", approver: "bob", grade: "observed" },
        origin_state: "own",
      },
    ]);
  }
  // Nothing before it is covered.
  expect(await said("s-asked", "unasked")).toEqual([]);
});

test("a list by who approved finds what a link gave a verdict", async () => {
  const listed = await everyItem<ActionView>(custody, "/v1/actions?by=human&session=s-said-before");
  expect(listed).toHaveLength(uses + 2);
});
