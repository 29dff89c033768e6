import type { ActionView } from "@custody/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { capturedRequests, send } from "./captures.ts";
import {
  type CustodyProcess,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { doors } from "./doors.ts";
import { type Answer, ask, refusal } from "./http.ts";
import { operationsOf } from "./openapi.ts";
import { everyItem, stored, type ToldRecord } from "./told.ts";
import { variantOf } from "./variant.ts";

// Everything that an agent's account can reach, tried from there: without a key, and with the key an agent has.

const data = temporaryFolder("agent-side");
let custody: CustodyProcess;
let agent: string;

beforeAll(async () => {
  custody = await startCustody(data);
  agent = await custody.key("agent", "laptop-1");
});

afterAll(async () => {
  expect(await custody.stop()).toBe(0);
  removeFolder(data);
});

const credentials = [
  ["without a key", () => undefined, "401 unauthenticated"],
  ["with a key nobody made", () => "ck_0123456789abcdef0123456789abcdef", "401 unauthenticated"],
  ["with an agent's key", () => agent, "403 forbidden"],
] as const;

describe.each(credentials)("%s", (_name, key, refused) => {
  test.each(doors)("nobody can $name", async ({ method, path, asking }) => {
    const held = key();
    const answer = await ask(custody.otlp, method, path, {
      ...asking,
      ...(held === undefined ? {} : { key: held }),
    });
    expect(refusal(answer)).toBe(refused);
    expect(answer.type).toContain("application/problem+json");
    expect(answer.headers["www-authenticate"]).toBe(
      refused.startsWith("401") ? "Bearer" : undefined,
    );
  });

  test("nobody can call any operation of the query API", async () => {
    const operations = await operationsOf(custody);
    expect(operations.length).toBeGreaterThan(15);
    const held = key();
    for (const { method, path, body } of operations) {
      const answer = await ask(custody.api, method, path, {
        ...(held === undefined ? {} : { key: held }),
        ...(body === undefined ? {} : { body }),
      });
      expect(refusal(answer), `${method} ${path}`).toBe(refused);
    }
  });
});

test("a revoked key opens nothing", async () => {
  const made = (await custody.post("/v1/keys", { kind: "reader", subject: "gone" })) as {
    readonly id: string;
    readonly key: string;
  };
  expect((await ask(custody.api, "GET", "/v1/sessions", { key: made.key })).status).toBe(200);
  await custody.post(`/v1/keys/${made.id}/revoke`, {});
  expect(refusal(await ask(custody.api, "GET", "/v1/sessions", { key: made.key }))).toBe(
    "401 unauthenticated",
  );
});

test("only an agent's key, or none, sends telemetry: an observer's word stays apart from an agent's", async () => {
  for (const kind of ["reader", "investigator", "auditor", "authority", "admin"]) {
    const key = await custody.key(kind, `somebody-${kind}`);
    expect(otlpStatus(await emptyTraces({ key })), kind).toEqual([403, 7]);
  }
  const observer = await custody.key("observer", "proxy-1", "proxy");
  expect(otlpStatus(await emptyTraces({ key: observer }))).toEqual([403, 7]);
  expect(otlpStatus(await emptyTraces({ key: "ck_0123456789abcdef" }))).toEqual([401, 16]);
  expect((await emptyTraces({})).status).toBe(200);
  expect((await emptyTraces({ key: agent })).status).toBe(200);
});

function emptyTraces(asking: {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}): Promise<Answer> {
  return ask(custody.otlp, "POST", "/v1/traces", { ...asking, body: "{}" });
}

/** HTTP status, and the code of the OTLP `Status` in the body. */
function otlpStatus({ status, json }: Answer): readonly unknown[] {
  return [status, (json as { readonly code?: unknown }).code];
}

test("a foreign Host is refused everywhere, so that a web page cannot rebind its name to us", async () => {
  const headers = { host: "evil.example:4318" };
  for (const path of ["/healthz", "/readyz", "/metrics", "/v1/approvals", "/nowhere"]) {
    const answer = await ask(custody.otlp, "GET", path, { headers });
    expect(refusal(answer), path).toBe("403 forbidden");
  }
  expect(otlpStatus(await emptyTraces({ headers }))).toEqual([403, 7]);
  for (const path of ["/healthz", "/openapi.json", "/v1/sessions", "/nowhere"]) {
    const answer = await ask(custody.api, "GET", path, { headers, key: custody.adminKey });
    expect(refusal(answer), path).toBe("403 forbidden");
  }
  for (const name of ["localhost", "127.0.0.1:9"]) {
    expect((await ask(custody.api, "GET", "/healthz", { headers: { host: name } })).status).toBe(
      200,
    );
  }
});

test("a request from a web page is refused on ingest, whatever key it holds", async () => {
  const headers = { origin: "http://localhost:3000" };
  expect(otlpStatus(await emptyTraces({ headers, key: agent }))).toEqual([403, 7]);
  const authority = await custody.key("authority", "alice");
  for (const { method, path, asking } of doors) {
    const answer = await ask(custody.otlp, method, path, {
      ...asking,
      key: authority,
      headers: { ...asking.headers, ...headers },
    });
    expect(refusal(answer), path).toBe("403 forbidden");
  }
});

const lies = {
  grade: "observed",
  tenant: "other",
  rx: "2020-01-01T00:00:00Z",
  via: "proxy",
  attested_by: "runtime",
  author: "boss@example.com",
  actor: "boss@example.com",
  "custody.grade": "observed",
  "custody.tenant": "other",
  "custody.approval.approver": "boss@example.com",
  "user.email": "boss@example.com",
  "user.id": "boss@example.com",
} as const;

/** A span of our own instrumentation's form with every lie there is a name for. */
function lyingSpan(kind: string, session: string, number: number): unknown {
  const said = {
    ...lies,
    "custody.span.kind": kind,
    "custody.session.id": session,
    "custody.call.id": "c1",
    "gen_ai.tool.name": "run_command",
    "custody.approval.verdict": "allow",
    "custody.approval.by": "human",
    "custody.session.event": "start",
  };
  return {
    traceId: "0102030405060708090a0b0c0d0e0f10",
    spanId: `01020304050607${String(number).padStart(2, "0")}`,
    name: kind,
    startTimeUnixNano: "1795418885658128477",
    endTimeUnixNano: "1795418885658128478",
    attributes: Object.entries(said).map(([key, value]) => ({
      key,
      value: { stringValue: value },
    })),
  };
}

test.each<readonly [string, () => string | undefined]>([
  ["without a key", () => undefined],
  ["with an agent's key", () => agent],
])("%s, what a payload claims of itself stays a claim", async (name, key) => {
  const session = `lies-${name.length}`;
  const kinds = [
    "session",
    "turn",
    "inference",
    "decision",
    "approval",
    "tool_call",
    "observation",
  ];
  const body = {
    resourceSpans: [
      {
        resource: { attributes: [{ key: "tenant", value: { stringValue: "other" } }] },
        scopeSpans: [{ spans: kinds.map((kind, at) => lyingSpan(kind, session, at)) }],
      },
    ],
  };
  const held = key();
  const sent = await ask(custody.otlp, "POST", "/v1/traces", {
    body,
    ...(held === undefined ? {} : { key: held }),
  });
  expect(sent.status).toBe(200);
  await stored(custody);
  const records = await everyItem<ToldRecord>(custody, `/v1/records?session=${session}`);
  expect(new Set(records.map((one) => one.class)).size).toBeGreaterThan(4);
  for (const { record } of records) {
    expect(["reported", "inferred"]).toContain(record.grade);
    expect(record["tenant"]).toBe("default");
    expect(String(record["rx"]) > "2025").toBe(true);
    expect(record.src.auth).toEqual(
      held === undefined
        ? { kind: "none", method: "none", subject: "anonymous" }
        : { kind: "agent", method: "bearer", subject: "laptop-1" },
    );
    expect(record["actor"]).toEqual(
      held === undefined ? undefined : { id: "laptop-1", type: "service" },
    );
    expect(record.body["approver"]).toBeUndefined();
    // A person's name is a claim, and no person's name stands in clear in a ledger.
    expect(JSON.stringify(record)).not.toContain("boss@example.com");
    expect(record.attrs?.["claimed.user.email"]).toMatch(/^usr_[a-z2-7]{16}$/);
    expect(record.attrs?.["claimed.approver.principal"]).toMatch(/^usr_[a-z2-7]{16}$/);
  }
  const [action]: readonly ActionView[] = await everyItem<ActionView>(
    custody,
    `/v1/actions?session=${session}`,
  );
  expect(action?.approvals).toMatchObject([
    { verdict: "allow", approver: null, grade: "reported" },
  ]);
  expect(await everyItem(custody, `/v1/records?session=${session}&grade=observed`)).toEqual([]);
});

test("what an agent's own proxy and sandbox say is the agent's account", async () => {
  const variant = variantOf("codex", "network-proxy");
  expect(await send(custody.otlp, variant.request(), agent)).toBe(200);
  for (const request of capturedRequests("codex", "sandbox-denied")) {
    expect(await send(custody.otlp, request, agent)).toBe(200);
  }
  await stored(custody);
  const flows = await everyItem<ToldRecord>(custody, "/v1/records?class=egress");
  const boxes = await everyItem<ToldRecord>(custody, "/v1/records?class=sandbox");
  expect(flows.length).toBeGreaterThan(2);
  expect(boxes.length).toBeGreaterThan(1);
  for (const { record } of flows)
    expect(record).toMatchObject({ grade: "reported", body: { via: "agent" } });
  for (const { record } of boxes) {
    expect(record).toMatchObject({ grade: "reported", body: { attested_by: "agent" } });
  }
});

test("a claim to be somebody is kept as a claim beside the holder of the key", async () => {
  const claude = variantOf("claude-code", "plain-answer");
  expect(await send(custody.otlp, claude.request(), agent)).toBe(200);
  await stored(custody);
  const records = await everyItem<ToldRecord>(custody, `/v1/records?session=${claude.session}`);
  const told = records.filter(({ record }) => record.src.auth.kind === "agent");
  expect(told.length).toBeGreaterThan(0);
  for (const { record } of told) {
    expect(record.attrs?.["claimed.user.id"]).toMatch(/^usr_/);
    expect(record["actor"]).toEqual({ id: "laptop-1", type: "service" });
  }
  const session = await custody.get(`/v1/sessions/${claude.session}`);
  expect(session).toMatchObject({ principal: "laptop-1" });
});
