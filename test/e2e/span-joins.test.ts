import { randomBytes } from "node:crypto";
import type { ActionView, Page, SessionView } from "@custody/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { capturedMs, whenCaptured } from "../support/clock/when-captured.ts";
import { type CapturedRequest, capturedRequests, send } from "./captures.ts";
import {
  type CustodyProcess,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { everyItem, settled, type ToldRecord } from "./told.ts";

// Sources that name the conversation on some spans alone, and the call on none but the model's answer: one session, one action a call.

const data = temporaryFolder("span-joins");
let custody: CustodyProcess;
let laptop: string;
let intruder: string;

beforeAll(async () => {
  custody = await startCustody(data, { env: whenCaptured() });
  laptop = await custody.key("agent", "laptop-1");
  intruder = await custody.key("agent", "laptop-2");
});

afterAll(async () => {
  expect(await custody.stop()).toBe(0);
  removeFolder(data);
});

const actionsOf = (session: string) =>
  everyItem<ActionView>(custody, `/v1/actions?session=${session}`);
const session = async (id: string) => (await custody.get(`/v1/sessions/${id}`)) as SessionView;
const sessionNames = async () =>
  (await everyItem<SessionView>(custody, "/v1/sessions")).map(({ id }) => id).sort();
const classesOf = async ({ record_ids }: ActionView) => {
  const records = await Promise.all(
    record_ids.map(async (id) => (await custody.get(`/v1/records/${id}`)) as ToldRecord),
  );
  return [...new Set(records.map((one) => one.class))].sort();
};

type Attributes = Readonly<Record<string, string>>;

/** One run as OpenInference tells it: a model call that chose a command, the command's own span, and the run above both. */
class Run {
  readonly session = `run-${randomBytes(4).toString("hex")}`;
  readonly trace = randomBytes(16).toString("hex");
  readonly call = `call_${randomBytes(4).toString("hex")}`;
  readonly #ids = { llm: span(), tool: span(), agent: span() };
  readonly command = `ls ${this.call}`;

  /** Names the session, and the call that it chose. */
  model(change: Attributes = {}): CapturedRequest {
    const chosen = "llm.output_messages.0.message.tool_calls.0.tool_call";
    return this.#request("llm", 1, {
      "openinference.span.kind": "LLM",
      "session.id": this.session,
      "llm.model_name": "gpt-4.1",
      "llm.output_messages.0.message.role": "assistant",
      [`${chosen}.id`]: this.call,
      [`${chosen}.function.name`]: "shell_exec",
      [`${chosen}.function.arguments`]: JSON.stringify({ command: this.command }),
      ...change,
    });
  }

  /** Names neither. */
  tool(): CapturedRequest {
    return this.#request("tool", 3, {
      "openinference.span.kind": "TOOL",
      "tool.name": "shell_exec",
      "input.value": JSON.stringify({ command: this.command }),
      "output.value": "README.md",
    });
  }

  agent(): CapturedRequest {
    return this.#request("agent", 0, { "openinference.span.kind": "AGENT", "input.value": "go" });
  }

  get spanCall(): string {
    return `span:${this.#ids.tool}`;
  }

  #request(name: "llm" | "tool" | "agent", second: number, said: Attributes): CapturedRequest {
    const nanos = (seconds: number): string => String((started + seconds * 1000) * 1_000_000);
    const item = {
      traceId: this.trace,
      spanId: this.#ids[name],
      ...(name === "agent" ? {} : { parentSpanId: this.#ids.agent }),
      name,
      kind: 1,
      startTimeUnixNano: nanos(second),
      endTimeUnixNano: nanos(name === "agent" ? 9 : second + 1),
      attributes: Object.entries(said).map(([key, stringValue]) => ({
        key,
        value: { stringValue },
      })),
    };
    const scopeSpans = [{ scope: { name: "app" }, spans: [item] }];
    return {
      signal: "traces",
      headers: { "content-type": "application/json" },
      body: Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans }] })),
    };
  }
}

const started = capturedMs - 60_000;

function span(): string {
  return randomBytes(8).toString("hex");
}

async function deliver(request: CapturedRequest, key = laptop): Promise<void> {
  expect(await send(custody.otlp, request, key)).toBe(200);
}

/** The one action of a run, whole. */
async function expectJoined(run: Run): Promise<void> {
  const actions = await actionsOf(run.session);
  expect(actions.map(({ call }) => call)).toEqual([run.call]);
  const [action] = actions;
  expect(action).toMatchObject({
    tool: "shell_exec",
    outcome: { status: "executed" },
    intent: { arguments: JSON.stringify({ command: run.command }) },
    observation: { state: "reported", excerpt: "README.md" },
  });
  expect(action && (await classesOf(action))).toEqual([
    "decision",
    "link",
    "observation",
    "tool_call",
  ]);
  const names = await sessionNames();
  expect(names).toContain(run.session);
  expect(names).not.toContain(run.trace);
  expect(await actionsOf(run.trace)).toEqual([]);
}

test("the captured OpenInference application is one session, and its command one action under the model's id", async () => {
  for (const request of capturedRequests("openinference", "openai-chat-tools")) {
    await deliver(request, await custody.key("agent", "openinference"));
  }
  await settled(custody);
  const trace = "312b03f692afa213c5124ccd7d8f4654";
  const [name = "", ...others] = await sessionNames();
  expect(others).toEqual([]);
  expect(name).not.toBe(trace);
  const actions = await everyItem<ActionView>(custody, "/v1/actions");
  expect(actions.map((one) => [one.session, one.call, one.tool])).toEqual([
    [name, "call_0002fake", "shell_exec"],
  ]);
  const [action] = actions;
  expect(action).toMatchObject({
    outcome: { status: "executed" },
    observation: { state: "reported", excerpt: "README.md\nsrc\n" },
  });
  expect(await session(name)).toMatchObject({
    // What the model server counted.
    tokens: { input: 2100, cached_input: 410, output: 81, reasoning: 16 },
    counts: { inferences: 2, decisions: 1, tool_calls: 1, observations: 1, turns: 1 },
  });
  const tree = (await custody.get(`/v1/traces/${trace}`)) as {
    readonly nodes: readonly Readonly<Record<string, unknown>>[];
  };
  expect(tree.nodes.find(({ id }) => id === "8e35efe682252c56")).toMatchObject({
    session: name,
    call: "call_0002fake",
    parent: "604f02cfaa0ad62e",
  });
  expect(tree.nodes.filter(({ class: name }) => name === "link")).toEqual([]);
  await expect(custody.get(`/v1/sessions/${trace}`)).rejects.toThrow(/404|not-found/);
});

test("the captured OpenLLMetry application has one action for each call, under the model's id, also where the span never ended", async () => {
  const before = await sessionNames();
  for (const request of capturedRequests("traceloop", "chat-tools")) await deliver(request);
  await settled(custody);
  const [name = "", ...others] = (await sessionNames()).filter((one) => !before.includes(one));
  expect(others).toEqual([]);
  const actions = await actionsOf(name);
  expect(actions.map(({ call, tool, outcome }) => [call, tool, outcome.status])).toEqual([
    // It threw, and its span was never exported: the choice is all that was told.
    ["call_0004fake", "shell_exec", "unknown"],
    ["call_0002fake", "shell_exec", "executed"],
  ]);
});

test("spans in any order, each known before the next one comes, end as one action", async () => {
  const orders = [
    ["tool", "agent", "model"],
    ["agent", "model", "tool"],
    ["model", "tool", "agent"],
  ] as const;
  const runs = orders.map((order) => ({ run: new Run(), order }));
  for (const step of [0, 1, 2] as const) {
    for (const { run, order } of runs) await deliver(run[order[step]]());
    await settled(custody);
  }
  for (const { run } of runs) await expectJoined(run);
});

test("before the model's span comes, the command stands alone; its old id leads to the action it became", async () => {
  const run = new Run();
  await deliver(run.tool());
  await settled(custody);
  const [alone] = await actionsOf(run.trace);
  expect(alone?.call).toBe(run.spanCall);
  await deliver(run.model());
  await settled(custody);
  await expectJoined(run);
  expect(await custody.get(`/v1/actions/${alone?.id}`)).toMatchObject({
    session: run.session,
    call: run.call,
  });
});

test("a name or a choice under another credential draws nothing to itself", async () => {
  const run = new Run();
  await deliver(run.model({ "session.id": "evil" }), intruder);
  await deliver(run.tool());
  await settled(custody);
  expect((await actionsOf(run.trace)).map(({ call }) => call)).toEqual([run.spanCall]);
  expect((await actionsOf("evil")).map(({ call }) => call)).toEqual([run.call]);
  await deliver(run.model());
  await settled(custody);
  await expectJoined(run);
});

test("what a kill left waiting is joined after the next start, and what comes then too", async () => {
  const [before, after] = [new Run(), new Run()];
  await deliver(before.tool());
  await deliver(before.model());
  await deliver(after.tool());
  await custody.kill();
  custody = await startCustody(data, { env: whenCaptured() });
  await settled(custody);
  await expectJoined(before);
  await deliver(after.model());
  await settled(custody);
  await expectJoined(after);
});

test("delivered again, in another order, nothing new is concluded", async () => {
  const run = new Run();
  await deliver(run.tool());
  await deliver(run.model());
  await settled(custody);
  const links = async () =>
    (await everyItem<ToldRecord>(custody, `/v1/records?class=link&session=${run.session}`))
      .map(({ id }) => id)
      .sort();
  const known = await links();
  // Three records of the command's span, each with its session and its call.
  expect(known).toHaveLength(6);
  for (const request of [run.model(), run.tool(), run.tool()]) await deliver(request);
  await settled(custody);
  expect(await links()).toEqual(known);
});

test("lists that are walked while links arrive have nothing twice, and each command of the beginning under one of its ids", async () => {
  const runs = Array.from({ length: 6 }, () => new Run());
  for (const run of runs) await deliver(run.tool());
  await settled(custody);
  const shown: ActionView[] = [];
  const sessions: string[] = [];
  let [next, more, step]: [string | null, string | null, number] = ["", "", 0];
  while (next !== null || more !== null) {
    if (next !== null) {
      const page: Page<ActionView> = await pageOf("/v1/actions", next);
      shown.push(...page.items);
      next = page.next;
    }
    if (more !== null) {
      const page: Page<SessionView> = await pageOf("/v1/sessions", more);
      sessions.push(...page.items.map(({ id }) => id));
      more = page.next;
    }
    const some = runs.slice(2 * step, 2 * step + 2);
    step++;
    for (const run of some) await deliver(run.model());
    if (some.length > 0) await settled(custody);
  }
  const ids = shown.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(sessions).size).toBe(sessions.length);
  const tools = shown.flatMap(({ call }) => call);
  for (const run of runs) {
    expect(tools.filter((call) => call === run.call || call === run.spanCall)).toHaveLength(1);
  }
});

async function pageOf<T>(path: string, cursor: string): Promise<Page<T>> {
  const after = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
  return (await custody.get(`${path}?limit=2${after}`)) as Page<T>;
}
