import type { ActionView } from "@custody/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { capturedRequests, send } from "./captures.ts";
import {
  type CustodyProcess,
  custody as commandLine,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { doors, egressList } from "./doors.ts";
import { type Answer, ask, refusal } from "./http.ts";
import { everyItem, stored, type ToldRecord } from "./told.ts";

// The same doors with the keys they are for, and content for those alone who may read it.

const data = temporaryFolder("right-keys");
/** A session of Codex whose prompts, arguments and outputs were sent. */
const session = "01a2074d-022f-7542-8f89-c3e90b76e3f5";
const keys = new Map<string, string>();
let custody: CustodyProcess;
let told: readonly ToldRecord[];

beforeAll(async () => {
  custody = await startCustody(data);
  for (const [name, kind, subject] of [
    ["alice", "authority", "alice"],
    ["alice again", "authority", "alice"],
    ["bob", "authority", "bob"],
    ["reader", "reader", "rita"],
    ["investigator", "investigator", "ines"],
    ["auditor", "auditor", "arno"],
  ] as const) {
    keys.set(name, await custody.key(kind, subject));
  }
  keys.set("proxy", await custody.key("observer", "proxy-1", "proxy"));
  keys.set("runtime", await custody.key("observer", "runtime-1", "sandbox"));
  for (const request of capturedRequests("codex", "tool-edit")) {
    expect(await send(custody.otlp, request)).toBe(200);
  }
  await stored(custody);
  told = await everyItem<ToldRecord>(custody, `/v1/sessions/${session}/timeline`);
});

afterAll(async () => {
  expect(await custody.stop()).toBe(0);
  removeFolder(data);
});

function key(name: string): string {
  const found = keys.get(name);
  if (found === undefined) throw new Error(`no key of ${name}`);
  return found;
}

test("a key that is made on the command line is told as JSON where that is asked for, and opens its door", async () => {
  const made = ["keys", "create", "--kind", "agent", "--subject", "laptop-9", "--json"];
  const { stdout } = await commandLine([...made, "--api", custody.api, "--key", custody.adminKey]);
  const { key: agent } = JSON.parse(stdout) as { readonly key: string };
  const [request] = capturedRequests("codex", "plain-answer");
  expect(request && (await send(custody.otlp, request, agent))).toBe(200);
});

function read(path: string, holder: string): Promise<Answer> {
  return ask(custody.api, "GET", path, { key: key(holder) });
}

describe("policies", () => {
  const path = "/v1/policies/egress/main";
  const propose = (holder: string, document: unknown = egressList): Promise<Answer> =>
    ask(custody.otlp, "PUT", path, { key: key(holder), body: { document } });
  const approve = (holder: string, version: number): Promise<Answer> =>
    ask(custody.otlp, "POST", `${path}/${version}/approve`, { key: key(holder), body: {} });

  test("are proposed by one person and approved by another, and two keys of one person are one person", async () => {
    const proposed = await propose("alice");
    expect(proposed).toMatchObject({ status: 200, json: { version: 1 } });
    expect(refusal(await approve("alice", 1))).toBe("403 two-person");
    expect(refusal(await approve("alice again", 1))).toBe("403 two-person");
    const approved = await approve("bob", 1);
    expect(approved).toMatchObject({ status: 200, json: proposed.json });
    expect(await approve("bob", 1), "again").toMatchObject({ status: 200, json: proposed.json });
    expect(refusal(await approve("bob", 7))).toBe("404 not-found");
  });

  test("keep their versions: the same text is the same version, another text the next", async () => {
    expect(await propose("bob")).toMatchObject({ status: 200, json: { version: 1 } });
    const more = { ...egressList, rules: [] };
    expect(await propose("bob", more)).toMatchObject({ status: 200, json: { version: 2 } });
    expect(refusal(await approve("bob", 2))).toBe("403 two-person");
  });

  test("that do not read as their kind are refused with every fault and its place", async () => {
    const answer = await propose("alice", { default: "allow", rules: [{ id: "x", host: "A B" }] });
    expect(refusal(answer)).toBe("400 malformed");
    const { problems } = answer.json as { readonly problems: readonly unknown[] };
    expect(problems.length).toBeGreaterThan(1);
  });

  test("stand in the ledger with author and approver as their keys name them", async () => {
    await stored(custody);
    const records = await everyItem<ToldRecord>(custody, "/v1/records?class=policy");
    const approved = records.find(({ record }) => record.body["event"] === "approved");
    expect(approved?.record).toMatchObject({
      grade: "observed",
      actor: { id: "bob", type: "human" },
      body: { author: "alice", approver: "bob", version: 1 },
    });
  });
});

test.each(doors.filter(({ path }) => !path.includes("policies") && !path.includes("expected")))(
  "whoever may can $name, and the record is observed",
  async ({ kind, method, path, asking }) => {
    const holder = kind === "authority" ? "alice" : path.includes("sandbox") ? "runtime" : "proxy";
    const answer = await ask(custody.otlp, method, path, { ...asking, key: key(holder) });
    expect(answer.status).toBe(200);
    await stored(custody);
    const { record_id: id } = answer.json as { readonly record_id?: string };
    if (id === undefined) {
      expect(answer.json).toEqual({ accepted: 1, other: 0, rejected: 0, errors: [] });
      return;
    }
    const one = (await custody.get(`/v1/records/${id}`)) as ToldRecord;
    // A commit is nobody's until a link says so.
    const session = path === "/v1/changes" ? {} : { session: "doors" };
    expect(one.record).toMatchObject({ grade: "observed", ...session });
  },
);

test("an approval names the person whose key it is, whatever its body says", async () => {
  const body = {
    verdict: "allow",
    session,
    call: "call_0004fake",
    decided_at: new Date().toISOString(),
    approver: "boss",
  };
  const named = await ask(custody.otlp, "POST", "/v1/approvals", { key: key("alice"), body });
  expect(refusal(named)).toBe("400 malformed");
  const { approver: _, ...honest } = body;
  const answer = await ask(custody.otlp, "POST", "/v1/approvals", {
    key: key("alice"),
    body: honest,
  });
  expect(answer.status).toBe(200);
  await stored(custody);
  const actions = await everyItem<ActionView>(custody, `/v1/actions?session=${session}`);
  const action = actions.find(({ call }) => call === "call_0004fake");
  expect(action?.approvals).toContainEqual(
    expect.objectContaining({ approver: "alice", by: "human", grade: "observed" }),
  );
  // Somebody watching an action does not make it contested.
  expect(action?.contested).toBe(false);
});

describe("content", () => {
  /** Words that only content holds. */
  const secret = "src/app.js";
  const paths = (): readonly string[] => {
    const [record] = told.filter(({ content }) => content?.["arguments"]?.includes(secret));
    return [
      `/v1/actions?session=${session}`,
      `/v1/sessions/${session}/actions`,
      `/v1/sessions/${session}/timeline`,
      `/v1/records?session=${session}&limit=1000`,
      `/v1/records/${record?.id}`,
    ];
  };
  const dossier = async (): Promise<string> => {
    const actions = await everyItem<ActionView>(custody, `/v1/actions?session=${session}`);
    const action = actions.find(({ intent }) => intent.arguments?.includes(secret));
    return `/v1/actions/${action?.id}`;
  };

  test.each(["reader", "alice"])("is nowhere in what a key of %s reads", async (holder) => {
    const everywhere = [
      ...paths(),
      await dossier(),
      "/v1/sessions",
      `/v1/sessions/${session}`,
      `/v1/sessions/${session}/fidelity`,
      "/v1/agents",
      `/v1/records?session=${session}&class=inference`,
      `/v1/traces/${told.find(({ record }) => record.trace !== undefined)?.record.trace}`,
    ];
    for (const path of everywhere) {
      const answer = await read(path, holder);
      expect(answer.status, path).toBe(200);
      expect(answer.text, path).not.toContain(secret);
      expect(answer.text, path).not.toContain('"content":{');
      expect(answer.text, path).not.toMatch(/"(excerpt)":"|"intent":\{"arguments":"/);
    }
    const lines = await ask(custody.api, "GET", `/v1/records?session=${session}`, {
      key: key(holder),
      headers: { accept: "application/x-ndjson" },
    });
    expect(lines.text).not.toContain(secret);
  });

  test.each(["sessions", "actions"])(
    "cannot be searched in %s without the right to read it",
    async (list) => {
      expect(refusal(await read(`/v1/${list}?q=app`, "reader"))).toBe("403 forbidden");
      expect((await read(`/v1/${list}?q=app`, "investigator")).status).toBe(200);
    },
  );

  test("is there for an investigator, and every such read leaves a record of who read what", async () => {
    const all = [...paths(), await dossier()];
    for (const path of all) {
      const answer = await read(path, "investigator");
      expect(answer.status, path).toBe(200);
      expect(answer.text, path).toContain(secret);
    }
    await stored(custody);
    const access = (await everyItem<ToldRecord>(custody, "/v1/records?class=access")).filter(
      ({ record }) => (record["actor"] as { readonly id?: string } | undefined)?.id === "ines",
    );
    const reads = access.filter(({ record }) => record.body["action"] === "content");
    // One for each above, and one for each search.
    expect(reads.length).toBeGreaterThanOrEqual(all.length);
    for (const { record } of reads) {
      expect(record).toMatchObject({ grade: "derived", body: { result: "ok" } });
    }
    const objects = new Set(reads.map(({ record }) => record.body["object"]));
    expect([...objects]).toEqual(
      expect.arrayContaining(["actions", "records", `sessions/${session}/timeline`]),
    );
  });

  test("that was searched for is recorded too", async () => {
    await read("/v1/sessions?q=app", "auditor");
    await read("/v1/actions?q=app", "auditor");
    await stored(custody);
    const access = (await everyItem<ToldRecord>(custody, "/v1/records?class=access")).filter(
      ({ record }) => (record["actor"] as { readonly id?: string } | undefined)?.id === "arno",
    );
    const reads = access.filter(({ record }) => record.body["action"] === "content");
    expect(reads.map(({ record }) => record.body["object"]).sort()).toEqual([
      "actions",
      "sessions",
    ]);
  });
});

test("keys are made and revoked by an administrator alone, each act is a record, and no key's text is ever listed", async () => {
  for (const holder of ["reader", "investigator", "auditor", "alice"]) {
    expect(refusal(await read("/v1/keys", holder)), holder).toBe("403 forbidden");
  }
  const listed = await ask(custody.api, "GET", "/v1/keys", { key: custody.adminKey });
  expect(listed.status).toBe(200);
  for (const text of keys.values()) expect(listed.text).not.toContain(text);
  await stored(custody);
  const acts = (await everyItem<ToldRecord>(custody, "/v1/records?class=access")).filter(
    ({ record }) => record.body["object"] === "keys/create",
  );
  expect(acts.length).toBeGreaterThanOrEqual(keys.size);
});

test("a key that cannot be made is refused with the reason", async () => {
  for (const body of [
    { kind: "observer", subject: "proxy-2" },
    { kind: "agent", subject: "laptop-1", observes: "proxy" },
    { kind: "king", subject: "x" },
    { kind: "agent", subject: "" },
    { kind: "agent", subject: "x", tenant: "other" },
  ]) {
    const answer = await ask(custody.api, "POST", "/v1/keys", { key: custody.adminKey, body });
    expect(refusal(answer), JSON.stringify(body)).toBe("400 bad-request");
  }
});
