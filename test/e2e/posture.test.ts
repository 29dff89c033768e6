import type { CompletenessView, Scorecard } from "@custody/query-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type CustodyProcess,
  custody as command,
  eventually,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { ask } from "./http.ts";
import { stored } from "./told.ts";

// Three agents should report. One never does, one skips a number and runs in a mode that asks nobody, and a proxy sees a flow that nobody explains.

const data = temporaryFolder("posture");
let custody: CustodyProcess;
let keys: Readonly<Record<"one" | "two" | "inventory" | "proxy", string>>;

const startMs = Date.now() - 60_000;

/** An event of Claude Code as it exports it. */
function event(session: string, seq: number, name: string, values: Record<string, string> = {}) {
  const at = new Date(startMs + seq * 1_000);
  const texts = {
    "session.id": session,
    "event.name": name,
    "event.timestamp": at.toISOString(),
    "prompt.id": "p1",
    ...values,
  };
  const attributes = [
    ...Object.entries(texts).map(([key, stringValue]) => ({ key, value: { stringValue } })),
    { key: "event.sequence", value: { intValue: String(seq) } },
  ];
  return {
    timeUnixNano: `${at.getTime()}000000`,
    body: { stringValue: `claude_code.${name}` },
    attributes,
  };
}

async function send(events: readonly ReturnType<typeof event>[], key?: string): Promise<void> {
  const resource = [
    { key: "service.name", value: { stringValue: "claude-code" } },
    { key: "service.version", value: { stringValue: "2.1.330" } },
  ];
  const scopeLogs = [{ scope: { name: "com.anthropic.claude_code.events" }, logRecords: events }];
  const body = { resourceLogs: [{ resource: { attributes: resource }, scopeLogs }] };
  const asking = { body, ...(key === undefined ? {} : { key }) };
  expect((await ask(custody.otlp, "POST", "/v1/logs", asking)).status).toBe(200);
}

const prompts = (session: string, numbers: readonly number[]) =>
  numbers.map((seq) => event(session, seq, "user_prompt", { prompt_length: "3" }));

const posture = async (): Promise<Scorecard> => (await custody.get("/v1/posture")) as Scorecard;
const completeness = async (): Promise<CompletenessView> =>
  (await custody.get("/v1/completeness")) as CompletenessView;

function indicator(card: Scorecard, id: string) {
  const found = card.layers.flatMap(({ indicators }) => indicators).find((one) => one.id === id);
  if (found === undefined) throw new Error(`no indicator ${id}`);
  return found;
}

/** No count that agents alone give carries a level above 2, and no layer one that its worst indicator does not. */
function expectHonest(card: Scorecard): void {
  for (const layer of card.layers) {
    const levels = layer.indicators.flatMap(({ level }) => (level === null ? [] : [level]));
    expect(layer.level).toBeLessThanOrEqual(Math.min(...levels));
    for (const { numbers, level } of layer.indicators) {
      if (numbers?.denominator_source === "telemetry") expect(level ?? 0).toBeLessThanOrEqual(2);
    }
  }
}

beforeAll(async () => {
  custody = await startCustody(data, { env: { CUSTODY_GAP_AFTER_S: "1" } });
  keys = {
    one: await custody.key("agent", "laptop-1"),
    two: await custody.key("agent", "laptop-2"),
    inventory: await custody.key("observer", "mdm", "inventory"),
    proxy: await custody.key("observer", "squid", "proxy"),
  };
});

afterAll(async () => {
  expect(await custody.stop()).toBe(0);
  removeFolder(data);
});

test("telemetry alone never gives level 3, says that coverage is unknown, and is held at 1 while nobody but agents speaks", async () => {
  await send(prompts("whole", [0, 1, 2, 3]), keys.one);
  await stored(custody);
  const card = await posture();
  expect(card.overall.coverage).toBe("unknown");
  expect(card.account.shared).toBe("assumed");
  expect(card.layers.map(({ level }) => level).filter((level) => level > 1)).toEqual([]);
  expect(indicator(card, "tel.reporting")).toMatchObject({
    level: 2,
    numbers: { numerator: 1, denominator: 1, denominator_source: "telemetry" },
    grades: { observed: 0, reported: 1 },
    capped_by: [{ level: 2 }],
  });
  expectHonest(card);
});

test("only an observer names who should report, and a list that is none is refused", async () => {
  const body = { agents: [{ name: "claude-code" }] };
  expect((await ask(custody.otlp, "PUT", "/v1/expected", { key: keys.one, body })).status).toBe(
    403,
  );
  const wrong = { key: keys.inventory, body: { agent: [] } };
  expect((await ask(custody.otlp, "PUT", "/v1/expected", wrong)).status).toBe(400);
});

test("who never reports is named first, with what observers saw of it meanwhile", async () => {
  const since = new Date(startMs - 3_600_000).toISOString();
  const agents = [
    { name: "claude-code", device: "laptop-1", since },
    { name: "claude-code", device: "laptop-2", since },
    { name: "cursor", device: "laptop-3", since },
  ];
  const put = await ask(custody.otlp, "PUT", "/v1/expected", {
    key: keys.inventory,
    body: { agents },
  });
  expect(put).toMatchObject({
    status: 200,
    json: { counts: { agents: 3, devices: 0, principals: 0 } },
  });
  const bypass = event("gappy", 1, "permission_mode_changed", {
    from_mode: "default",
    to_mode: "bypassPermissions",
  });
  await send([...prompts("gappy", [0, 2, 4]), bypass], keys.two);
  const flow = {
    ts: new Date().toISOString(),
    host: "exfil.example",
    port: 443,
    protocol: "https",
    action: "allowed",
    client: "laptop-3",
  };
  const lines = { key: keys.proxy, body: `${JSON.stringify(flow)}\n` };
  const typed = { ...lines, headers: { "content-type": "application/x-ndjson" } };
  expect((await ask(custody.otlp, "POST", "/v1/egress/ndjson", typed)).status).toBe(200);
  const told = await eventually(async () => {
    const view = await completeness();
    return view.gaps.open > 0 ? view : undefined;
  }, "the gap");
  expect(told.coverage).toEqual({ heard: 2, expected: 3 });
  expect(told.silent).toMatchObject([
    { kind: "agent", id: "cursor", device: "laptop-3", elsewhere: { things: 1 } },
  ]);
  expect(told.gaps).toMatchObject({
    open: 1,
    missing: 1,
    items: [{ source: "laptop-2/gappy", from: "3", to: "3", cause: "unknown_vendor" }],
  });
  const recon = Object.fromEntries(told.reconciliations.map((one) => [one.id, one]));
  expect(recon["R1"]).toMatchObject({ left: 1, matched: 0, left_only: 1, residual: 1 });
  expect(recon["R3"]).toMatchObject({ left: 3, matched: 2, left_only: 1, right_only: 0 });
  expect(recon["R3"]?.examples).toEqual(["agent cursor on laptop-3"]);
  expect(told.unseen.join(" ")).toContain("No sandbox runtime reports");
});

test("each layer has the level of its worst indicator, and says what to do", async () => {
  const card = await posture();
  expectHonest(card);
  // 2 of 3 agents report; the sandbox is named by nobody; an unexplained flow and no allow-list; one of two sessions asks nobody.
  expect(card.overall).toMatchObject({
    level: 0,
    vector: { "L-SBX": 0, "L-APR": 1, "L-NET": 0, "L-TEL": 1 },
    coverage: { heard: 2, expected: 3 },
    limiting: { layer: "L-SBX", indicator: "sbx.attested" },
  });
  expect(card.account.shared).toBe("not_known");
  expect(indicator(card, "tel.reporting")).toMatchObject({
    level: 1,
    numbers: { numerator: 2, denominator: 3, denominator_source: "expected" },
    examples: ["agent cursor"],
  });
  // Two sessions and the silent one are in scope.
  expect(indicator(card, "apr.bypass")).toMatchObject({
    level: 1,
    numbers: { numerator: 1, denominator: 3 },
    examples: ["gappy"],
  });
  expect(card.approvals.bypass_sessions).toEqual({ waived: 0, unwaived: 1 });
  expect(indicator(card, "net.explained")).toMatchObject({
    level: 0,
    numbers: { numerator: 0, denominator: 1, denominator_source: "runtime" },
  });
  expect(card.flows).toMatchObject({ all: 1, explained: 0, weak: 0, none: 1 });
  expect(indicator(card, "tel.gaps")).toMatchObject({ level: 1, examples: ["laptop-2/gappy 3-3"] });
  for (const { next, level } of card.layers) expect(next).toMatchObject({ level: level + 1 });
});

test("a record that comes late closes the gap", async () => {
  await send(prompts("gappy", [3]), keys.two);
  const told = await eventually(async () => {
    const view = await completeness();
    return view.gaps.open === 0 ? view : undefined;
  }, "the gap closed");
  expect(told.gaps).toMatchObject({ open: 0, closed: 1, missing: 0 });
});

test("a check of the log is remembered; one record without a key holds every layer at 1", async () => {
  await custody.post("/v1/fsck", {});
  await stored(custody);
  expect(indicator(await posture(), "tel.verified").level).toBe(3);
  await send(prompts("anybody", [0]));
  await stored(custody);
  const card = await posture();
  expect(card.account).toMatchObject({ shared: "assumed" });
  expect(card.layers.map(({ level }) => level).filter((level) => level > 1)).toEqual([]);
});

test("the commands say the same to people, the worst first", async () => {
  const flags = ["--data", data, "--api", custody.api];
  const card = await command(["posture", ...flags]);
  expect(card.code).toBe(0);
  expect(card.stdout).toMatch(/level 0 of 4 \(L-SBX 0 · L-APR 1 · L-NET 0 · L-TEL 1\)/);
  expect(card.stdout).toContain("held down by sbx.attested of L-SBX");
  const told = await command(["completeness", ...flags]);
  expect(told.code).toBe(0);
  expect(told.stdout.split("\n").slice(0, 2)).toEqual([
    "2 of 3 that should report were heard",
    expect.stringMatching(/^SILENT {2}agent cursor on laptop-3; observers saw it 1 times/),
  ]);
  expect((await command(["posture", ...flags, "--from", "yesterday"])).code).toBe(2);
});

test("a window has an end after its start and at most 31 days", async () => {
  const key = custody.adminKey;
  const of = (query: string) => ask(custody.api, "GET", `/v1/posture?${query}`, { key });
  expect((await of("from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z")).status).toBe(400);
  expect((await of("from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z")).status).toBe(400);
});
