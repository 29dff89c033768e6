import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Page } from "@custody/model";
import type { PolicyAnswer, WholePolicyAnswer } from "@custody/query-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type CustodyProcess,
  custody as commandLine,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { everyItem, stored } from "./told.ts";

// Policies through one real process: proposed and approved by different people, refused otherwise, and read back.

const bin = fileURLToPath(new URL("../../packages/cli/bin/custody.js", import.meta.url));
const data = temporaryFolder("policies");
let custody: CustodyProcess;
const keys = new Map<string, string>();

beforeAll(async () => {
  custody = await startCustody(data);
  keys.set("alice", await custody.key("authority", "usr_alice"));
  keys.set("alice-2", await custody.key("authority", "usr_alice"));
  keys.set("bob", await custody.key("authority", "usr_bob"));
  keys.set("agent", await custody.key("agent", "laptop"));
  keys.set("observer", await custody.key("observer", "proxy", "proxy"));
  keys.set("reader", await custody.key("reader", "usr_reader"));
});
afterAll(async () => {
  expect(await custody.stop()).toBe(0);
  removeFolder(data);
});

const list = (host: string) => ({
  default: "deny",
  rules: [{ id: "a", host, ports: [443] }],
});

async function ask(
  who: string,
  method: string,
  path: string,
  body: unknown = {},
): Promise<readonly [number, Readonly<Record<string, unknown>>]> {
  const answer = await fetch(`${custody.otlp}/v1/policies/${path}`, {
    method,
    headers: { authorization: `Bearer ${keys.get(who)}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return [answer.status, (await answer.json()) as Readonly<Record<string, unknown>>];
}

const propose = (who: string, path: string, document: unknown, more: object = {}) =>
  ask(who, "PUT", path, { document, ...more });
const approve = (who: string, path: string) => ask(who, "POST", `${path}/approve`);

test("one person proposes, another approves; whoever may not is refused, with a code", async () => {
  expect(await propose("agent", "egress/main", list("a.example"))).toMatchObject([403, {}]);
  expect(await propose("observer", "egress/main", list("a.example"))).toMatchObject([403, {}]);
  expect(await propose("reader", "egress/main", list("a.example"))).toMatchObject([403, {}]);
  expect(await propose("alice", "egress/main", list("*.com"))).toMatchObject([
    400,
    { code: "malformed" },
  ]);
  expect(await propose("alice", "egress/main", list("a.example"))).toMatchObject([
    200,
    { version: 1 },
  ]);
  expect(await propose("alice", "egress/main", list("a.example"))).toMatchObject([
    200,
    { version: 1 },
  ]);
  expect(await approve("alice", "egress/main/1")).toMatchObject([403, { code: "two-person" }]);
  expect(await approve("alice-2", "egress/main/1")).toMatchObject([403, { code: "two-person" }]);
  expect(await approve("agent", "egress/main/1")).toMatchObject([403, {}]);
  expect(await approve("bob", "egress/main/7")).toMatchObject([404, {}]);
  expect(await propose("alice", "egress/main", list("b.example"))).toMatchObject([
    200,
    { version: 2 },
  ]);
  expect(await approve("bob", "egress/main/1")).toMatchObject([409, { code: "conflict" }]);
  expect(await approve("bob", "egress/main/2")).toMatchObject([200, { version: 2 }]);
});

test("a version ends when its document says it expires, and one whose time is over is not taken", async () => {
  const about = { owner: "platform", reason: "trial", dated: "2026-11-01T00:00:00Z" };
  const until = (expires: string) => ({ ...list("c.example"), about: { ...about, expires } });
  expect(await propose("alice", "egress/trial", until("2020-01-01T00:00:00Z"))).toMatchObject([
    400,
    {},
  ]);
  const late = { effective_to: "2999-01-02T00:00:00Z" };
  expect(await propose("alice", "egress/trial", until("2999-01-01T00:00:00Z"), late)).toMatchObject(
    [400, {}],
  );
  const past = { effective_from: "2020-01-01T00:00:00Z" };
  expect(await propose("alice", "egress/trial", until("2999-01-01T00:00:00Z"), past)).toMatchObject(
    [200, { version: 1 }],
  );
  expect(await approve("bob", "egress/trial/1")).toMatchObject([200, {}]);
  const soon = new Date(Date.now() + 600).toISOString();
  expect(
    await propose("alice", "egress/short", list("d.example"), { effective_to: soon }),
  ).toMatchObject([200, {}]);
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(await approve("bob", "egress/short/1")).toMatchObject([409, { code: "conflict" }]);
});

test("what is in force, who said so and since when can be read, with shipped defaults marked", async () => {
  await stored(custody);
  const all = await everyPolicy("");
  const shown = all.map(({ kind, name, shipped_default, in_force }) => [
    `${kind}/${name}`,
    shipped_default,
    in_force?.version ?? null,
  ]);
  expect(shown).toEqual([
    ["approval/shipped", true, 1],
    ["egress/main", false, 2],
    ["egress/short", false, null],
    ["egress/trial", false, 1],
    ["tiers/shipped", true, 1],
  ]);
  const trial = all.find(({ name }) => name === "trial");
  expect(trial?.in_force).toMatchObject({
    backdated: true,
    proposed_by: "usr_alice",
    approved_by: "usr_bob",
    in_force_to: "2999-01-01T00:00:00.000000000Z",
  });
  expect(trial?.in_force?.in_force_from).toBe(trial?.in_force?.approved_at);
  const first = (await custody.get("/v1/policies?limit=2")) as Page<PolicyAnswer>;
  const cursor = encodeURIComponent(first.next ?? "");
  const rest = (await custody.get(`/v1/policies?limit=3&cursor=${cursor}`)) as Page<PolicyAnswer>;
  expect([...first.items, ...rest.items]).toEqual(all);
  expect(rest.next).toBeNull();
  const then = await everyPolicy("?in_force_at=2026-01-01T00:00:00Z");
  expect(then.map(({ name }) => name)).toEqual(["shipped", "shipped"]);
  const main = (await custody.get("/v1/policies/egress/main")) as WholePolicyAnswer;
  expect(main.versions.map(({ version, state }) => [version, state])).toEqual([
    [1, "proposed"],
    [2, "in_force"],
  ]);
  expect(main.versions[1]?.document).toEqual(list("b.example"));
  const refused = await fetch(`${custody.api}/v1/policies`, {
    headers: { authorization: `Bearer ${keys.get("agent")}` },
  });
  expect(refused.status).toBe(403);
});

test("the command line lists, shows and compares them", async () => {
  const run = async (...args: string[]): Promise<unknown> => {
    const env = { ...process.env, CUSTODY_API: custody.api, CUSTODY_KEY: custody.adminKey };
    const all = [bin, "policy", ...args, "--json"];
    return JSON.parse((await promisify(execFile)(process.execPath, all, { env })).stdout);
  };
  const listed = (await run("list", "--kind", "tiers")) as { items: PolicyAnswer[] };
  expect(listed.items.map(({ name, shipped_default }) => [name, shipped_default])).toEqual([
    ["shipped", true],
  ]);
  expect(await run("diff", "egress", "main", "--from", "1", "--to", "2")).toEqual({
    from: 1,
    differences: [
      { sign: "-", path: "rules[a].host", value: '"a.example"' },
      { sign: "+", path: "rules[a].host", value: '"b.example"' },
    ],
  });
});

test("without numbers what is in force is compared with what it follows; a version asked for by its number is shown, or refused", async () => {
  const env = { CUSTODY_API: custody.api, CUSTODY_KEY: custody.adminKey };
  const policy = (...words: readonly string[]) => commandLine(["policy", ...words], env);
  expect((await policy("diff", "egress", "main")).stdout).toBe(
    '- rules[a].host: "a.example"\n+ rules[a].host: "b.example"\n',
  );
  expect(await policy("diff", "tiers", "shipped")).toMatchObject({ code: 2, stdout: "" });
  const first = await policy("show", "egress", "main", "--version", "1");
  expect(first.stdout).toMatch(/# version 1\n[\s\S]*host: a\.example/);
  const none = await policy("show", "egress", "main", "--version", "9", "--json");
  expect(none).toMatchObject({ code: 2, stdout: "" });
  expect(none.stderr).toContain("no version 9");
  const nowhere = await policy(
    "approve",
    "egress",
    "main",
    "1",
    "--collector",
    "http://127.0.0.1:9",
  );
  expect(nowhere).toMatchObject({ code: 3, stdout: "" });
  expect(nowhere.stderr).toContain("--collector");
});

function everyPolicy(query: string): Promise<readonly PolicyAnswer[]> {
  return everyItem<PolicyAnswer>(custody, `/v1/policies${query}`);
}
