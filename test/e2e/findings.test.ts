import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ActionView, SessionView } from "@custody/model";
import type { FindingView, RuleView } from "@custody/query-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { syslogReceiver, webhookReceiver } from "./alert-receivers.ts";
import { capturedRequests, send } from "./captures.ts";
import {
  type CustodyProcess,
  custody as command,
  eventually,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { ask, refusal } from "./http.ts";
import { everyItem, settled } from "./told.ts";

// From what an agent did to somebody who hears of it and says what it was.

const dayMs = 86_400_000;
const data = temporaryFolder("findings");
const secret = "a-secret-of-the-receiver";
let custody: CustodyProcess;
let hook: Awaited<ReturnType<typeof webhookReceiver>>;
let syslog: Awaited<ReturnType<typeof syslogReceiver>>;
let args: readonly string[];
let session: string;
const keys: Record<string, string> = {};

/** An agent ran commands that nobody allowed, in a session with a flow to a host that the allow-list in force does not name. */
beforeAll(async () => {
  [hook, syslog] = [await webhookReceiver(), await syslogReceiver()];
  writeFileSync(join(data, "hook.secret"), `${secret}\n`);
  const config = join(data, "custody.yaml");
  const targets = [
    {
      name: "soc",
      webhook: hook.url,
      secret_file: join(data, "hook.secret"),
      min_severity: "high",
    },
    { name: "siem", syslog: syslog.url, min_severity: "low" },
  ];
  // JSON is YAML.
  writeFileSync(config, JSON.stringify({ alerts: targets }));
  args = ["--config", config];
  custody = await startCustody(data, { args });
  for (const [name, kind] of [
    ["ann", "authority"],
    ["bob", "authority"],
    ["shared", "authority"],
    ["laptop", "agent"],
    ["ida", "investigator"],
  ] as const) {
    keys[name] = await custody.key(kind, name);
  }
  const proxy = await custody.key("observer", "egress-proxy", "proxy");
  const rules = [{ id: "git", host: "git.example", ports: [443] }];
  const document = { document: { default: "deny", rules } };
  const policy = "/v1/policies/egress/default";
  const put = (method: string, path: string, key: string | undefined, body: unknown) =>
    ask(custody.otlp, method, path, { key: key ?? "", body });
  expect((await put("PUT", policy, keys["ann"], document)).status).toBe(200);
  expect((await put("POST", `${policy}/1/approve`, keys["bob"], {})).status).toBe(200);
  for (const request of capturedRequests("codex", "danger-full-access")) {
    expect(await send(custody.otlp, request)).toBe(200);
  }
  await settled(custody);
  const [one] = await everyItem<SessionView>(custody, "/v1/sessions");
  session = one?.id ?? "";
  const flow = { host: "evil.example", port: 443, protocol: "https", action: "allowed", session };
  const lines = `${JSON.stringify({ ts: new Date().toISOString(), ...flow })}\n`;
  const headers = { "content-type": "application/x-ndjson" };
  const told = await ask(custody.otlp, "POST", "/v1/egress/ndjson", {
    key: proxy,
    body: lines,
    headers,
  });
  expect(told.json).toMatchObject({ accepted: 1 });
  await settled(custody);
});

afterAll(async () => {
  expect(await custody.stop()).toBe(0);
  hook.close();
  syslog.close();
  removeFolder(data);
});

const listed = (query = ""): Promise<readonly FindingView[]> =>
  everyItem<FindingView>(custody, `/v1/findings${query}`);

async function unlisted(): Promise<FindingView> {
  const [one] = await listed("?rule=D-NET-01&status=open");
  if (one === undefined) throw new Error("the flow was not found");
  return one;
}

test("what the agent did and what the proxy saw is found, with deadlines, and each filter gives what has it", async () => {
  const all = await listed();
  expect(new Set(all.map(({ rule }) => rule)).size).toBeGreaterThan(2);
  expect(await unlisted()).toMatchObject({
    severity: "high",
    status: "open",
    case: "allowed",
    session,
    overdue: false,
    grade: "derived",
  });
  expect((await listed("?severity=low")).every(({ severity }) => severity === "low")).toBe(true);
  expect(await listed("?session=nobody")).toEqual([]);
  expect((await listed("?agent=codex")).length).toBe(all.length);
});

test("the session counts its findings, and an action names the rules that found something of it", async () => {
  const one = (await custody.get(`/v1/sessions/${session}`)) as SessionView;
  expect(one.counts.findings).toBe((await listed(`?session=${session}`)).length);
  const found = (await listed()).find(({ action }) => action !== null);
  const action = (await custody.get(`/v1/actions/${found?.action}`)) as ActionView;
  expect(action.findings).toContain(found?.rule);
  const actions = await everyItem<ActionView>(custody, `/v1/actions?finding=${found?.rule}`);
  expect(actions.map(({ id }) => id)).toContain(action.id);
});

test("the webhook hears of each grave finding, again after it failed, signed and under the finding's own key", async () => {
  const finding = await unlisted();
  const isOurs = ({ body }: { readonly body: string }): boolean => body.includes(finding.id);
  await eventually(async () => (hook.received.some(isOurs) ? true : undefined), "the alert");
  const grave = (await listed()).filter(
    ({ severity }) => severity !== "low" && severity !== "medium",
  );
  await eventually(
    async () => (hook.received.length > grave.length ? true : undefined),
    "all of them, and the one that was refused again",
  );
  const [first, second] = hook.received;
  expect(second?.headers["idempotency-key"]).toBe(first?.headers["idempotency-key"]);
  const [, time = "", mac] =
    /^t=(.+),v1=([0-9a-f]{64})$/.exec(String(second?.headers["custody-signature"])) ?? [];
  expect(mac).toBe(createHmac("sha256", secret).update(`${time}.${second?.body}`).digest("hex"));
  const body = JSON.parse(second?.body ?? "{}") as Record<string, unknown>;
  expect(body["witness"]).toMatch(/^\d+:[A-Za-z0-9+/]{43}=$/);
  expect(body["type"]).toBe("custody.finding");
});

test("the syslog receiver hears of all of them, one framed line each", async () => {
  const all = await listed();
  await eventually(
    async () => (syslog.messages.length >= all.length ? true : undefined),
    "all lines",
  );
  const { id } = await unlisted();
  const line = syslog.messages.find((one) => one.includes(`id="${id}"`));
  expect(line).toMatch(
    /^<107>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z - custody - finding \[finding@32473 /,
  );
  expect(line).toContain('rule="D-NET-01"');
});

test("an agent, an observer's administrator and a key of several people dispose of nothing", async () => {
  const { id } = await unlisted();
  const body = { status: "triaged", disposition: "false", reason: "nothing to see" };
  const path = `/v1/findings/${id}/disposition`;
  for (const key of [keys["laptop"], custody.adminKey, keys["shared"]]) {
    expect(refusal(await ask(custody.api, "POST", path, { key: key ?? "", body }))).toBe(
      "403 forbidden",
    );
  }
  expect((await unlisted()).history).toEqual([]);
});

test("a person says first what it is, then that it is dealt with; who may read content sees why", async () => {
  const { id } = await unlisted();
  const path = `/v1/findings/${id}/disposition`;
  const early = { status: "closed", reason: "done" };
  const ida = keys["ida"] ?? "";
  expect(refusal(await ask(custody.api, "POST", path, { key: ida, body: early }))).toBe(
    "409 conflict",
  );
  const reason = "the host is a mirror of ours";
  const close = ["findings", "close", id, "--disposition", "false", "--reason", reason];
  const closed = await command([...close, "--key", ida, "--api", custody.api, "--json"]);
  expect(closed.stderr).toBe("");
  expect(closed.code).toBe(0);
  const after = (await ask(custody.api, "GET", `/v1/findings/${id}`, { key: ida }))
    .json as FindingView;
  expect(after).toMatchObject({ status: "closed", disposition: "false", overdue: false });
  expect(after.history.map((one) => [one.by, one.status, one.reason])).toEqual([
    ["ida", "triaged", reason],
    ["ida", "closed", reason],
  ]);
  const one = (await custody.get(`/v1/sessions/${session}`)) as SessionView;
  expect(one.counts.findings).toBe((await listed(`?session=${session}`)).length - 1);
});

test("every rule says whether it fired and whether it could", async () => {
  const { items } = (await custody.get("/v1/rules")) as { readonly items: readonly RuleView[] };
  const fired = items.filter(({ findings }) => findings > 0).map(({ id }) => id);
  expect([...new Set((await listed()).map(({ rule }) => rule))].sort()).toEqual(fired.sort());
  const net = items.find(({ id }) => id === "D-NET-01");
  expect(net).toMatchObject({ open: 0, blind: false, inputs: [{ class: "egress" }] });
});

test("asking the rules of history again writes nothing", async () => {
  const before = await listed();
  const now = Date.now();
  const [from, to] = [now - 2 * dayMs, now + dayMs].map((at) => new Date(at).toISOString());
  const days = ["--from", from ?? "", "--to", to ?? ""];
  const reading = ["--api", custody.api, "--data", data, "--json"];
  for (const dry of [["--dry-run"], []]) {
    const again = await command(["detect", "--replay", ...days, ...dry, ...reading]);
    expect(again.stderr).toBe("");
    expect(JSON.parse(again.stdout)).toMatchObject({ sessions: 1, differs: [] });
  }
  expect(await listed()).toEqual(before);
});

test("a restart keeps what was found and said, and tells nobody twice", async () => {
  const before = await listed();
  const [hooks, lines] = [hook.received.length, syslog.messages.length];
  expect(await custody.stop()).toBe(0);
  custody = await startCustody(data, { args });
  await settled(custody, 3_000);
  expect(await listed()).toEqual(before);
  expect([hook.received.length, syslog.messages.length]).toEqual([hooks, lines]);
});
