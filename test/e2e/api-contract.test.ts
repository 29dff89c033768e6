import type { ActionView, SessionView } from "@custody/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { whenCaptured } from "../support/clock/when-captured.ts";
import { capturedRequests, send } from "./captures.ts";
import { faultsOf } from "./conforms.ts";
import {
  type CustodyProcess,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { ask, refusal } from "./http.ts";
import { type Document, openApiOf, operationsOf } from "./openapi.ts";
import { everyItem, settled, type ToldRecord } from "./told.ts";

// The query API says of itself what it does, and does what it says.

const data = temporaryFolder("api-contract");
let custody: CustodyProcess;
let document: Document;
let values: Readonly<Record<string, string>>;

beforeAll(async () => {
  custody = await startCustody(data, { env: whenCaptured() });
  for (const scenario of ["network-proxy", "tool-edit"]) {
    for (const request of capturedRequests("codex", scenario)) {
      expect(await send(custody.otlp, request)).toBe(200);
    }
  }
  await settled(custody);
  document = await openApiOf(custody);
  const [action] = await everyItem<ActionView>(custody, "/v1/actions");
  const [finding] = await everyItem<{ readonly id: string }>(custody, "/v1/findings");
  const records = await everyItem<ToldRecord>(custody, `/v1/records?session=${action?.session}`);
  values = {
    action: action?.id ?? "",
    session: action?.session ?? "",
    finding: finding?.id ?? "",
    record: records[0]?.id ?? "",
    trace_id: records.find(({ record }) => record.trace !== undefined)?.record.trace ?? "",
    origin: encodeURIComponent(records[0]?.ledger ?? ""),
    path: "checkpoint",
  };
});

afterAll(async () => {
  expect(await custody.stop()).toBe(0);
  removeFolder(data);
});

describe("the OpenAPI document", () => {
  test("is OpenAPI 3.1: names, paths, parameters and answers hold together", () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info.title).not.toBe("");
    expect(document.info.version).toMatch(/^\d+\.\d+\.\d+/);
    for (const [path, methods] of Object.entries(document.paths)) {
      expect(path).toMatch(/^\//);
      const named = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      for (const [method, operation] of Object.entries(methods)) {
        const at = `${method} ${path}`;
        expect(["get", "put", "post", "delete"], at).toContain(method);
        const parameters = operation.parameters ?? [];
        const identities = parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
        expect(new Set(identities).size, at).toBe(identities.length);
        const inPath = parameters.filter((parameter) => parameter.in === "path");
        expect(inPath.map(({ name }) => name).sort(), at).toEqual(named.sort());
        expect(
          inPath.every(({ required }) => required === true),
          at,
        ).toBe(true);
        for (const { schema } of parameters) expect(typeof schema, at).toBe("object");
        expect(Object.keys(operation.responses).length, at).toBeGreaterThan(0);
        for (const [status, answer] of Object.entries(operation.responses)) {
          expect(status, at).toMatch(/^([1-5]\d\d|default)$/);
          expect(answer.description, at).not.toBe("");
        }
        for (const scheme of (operation.security ?? []).flatMap((one) => Object.keys(one))) {
          expect(Object.keys(document.components.securitySchemes), at).toContain(scheme);
        }
      }
    }
  });

  test("points at nothing that is not in it", () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)];
    for (const [, reference = ""] of references) {
      const [root, ...steps] = reference.split("/");
      expect(root).toBe("#");
      const found = steps.reduce<unknown>(
        (at, step) => (at as Readonly<Record<string, unknown>> | undefined)?.[step],
        document,
      );
      expect(found, reference).toBeDefined();
    }
  });
});

/** What to fill `{id}` with, by what the path names. */
function idOf(template: string): Readonly<Record<string, string>> {
  const kind = /^\/v1\/([a-z]+)s\//.exec(template)?.[1] ?? "";
  // The defaults that came with the product are there without anybody's doing.
  return { kind: "tiers", name: "shipped", ...values, id: values[kind] ?? "" };
}

test("every operation that reads answers as its own schema says", async () => {
  let schemas = 0;
  for (const { method, template, operation } of await operationsOf(custody)) {
    if (method !== "GET" || template.startsWith("/v1/exports")) continue;
    const path = template.replaceAll(/\{([a-z_]+)\}/g, (_all, name) => idOf(template)[name] ?? "");
    const answer = await ask(custody.api, method, path, { key: custody.adminKey });
    expect(answer.status, `${path} ${answer.text.slice(0, 200)}`).toBe(200);
    const [[type, media] = ["", undefined]] = Object.entries(
      operation.responses["200"]?.content ?? {},
    );
    if (type !== "application/json") {
      if (template.endsWith("/proof")) expect(answer.type).toMatch(/^text\/plain/);
      continue;
    }
    expect(answer.type, path).toContain("application/json");
    expect(faultsOf(answer.json, media?.schema ?? { never: true }), path).toEqual([]);
    schemas++;
  }
  expect(schemas).toBeGreaterThan(9);
});

test("every operation that acts answers as its own schema says", async () => {
  const acting = new Map(
    (await operationsOf(custody))
      .filter(({ method }) => method === "POST")
      .map(({ template, operation }) => [template, operation]),
  );
  const made = { kind: "reader", subject: "rita" };
  const revoked = (await custody.post("/v1/keys", made)) as { readonly id: string };
  const period = { from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z" };
  const ann = await custody.key("authority", "ann");
  const said = { status: "triaged", disposition: "benign", reason: "a test" };
  const bodies: Readonly<Record<string, readonly [path: string, body: unknown, key?: string]>> = {
    "/v1/findings/{id}/disposition": [`/v1/findings/${values["finding"]}/disposition`, said, ann],
    "/v1/rules/replay": [
      "/v1/rules/replay",
      { from: "2026-11-20T00:00:00Z", to: "2026-11-25T00:00:00Z" },
    ],
    "/v1/keys": ["/v1/keys", made],
    "/v1/keys/{id}/revoke": [`/v1/keys/${revoked.id}/revoke`, undefined],
    "/v1/exports": [
      "/v1/exports",
      { framework: "soc2", purpose: "a test", controls: ["AT-LOG-01"], ...period },
    ],
    "/v1/fsck": ["/v1/fsck", {}],
    "/v1/snapshots": ["/v1/snapshots", {}],
  };
  expect(Object.keys(bodies).sort()).toEqual([...acting.keys()].sort());
  for (const [template, [path, body, key = custody.adminKey]] of Object.entries(bodies)) {
    const answer = await ask(custody.api, "POST", path, { key, body });
    expect(answer.status, `${path} ${answer.text.slice(0, 200)}`).toBe(200);
    const schema = acting.get(template)?.responses["200"]?.content?.["application/json"]?.schema;
    expect(faultsOf(answer.json, schema ?? { never: true }), path).toEqual([]);
  }
});

test("every refusal is a problem document with a stable code, and says nothing of what was sent", async () => {
  const problem = document.components.schemas["Problem"] ?? { never: true };
  const secret = "s3cr3t-in-a-parameter";
  for (const [path, expected] of [
    ["/v1/nothing", "404 not-found"],
    ["/v1/sessions/nobody", "404 not-found"],
    [`/v1/actions/${"0".repeat(32)}`, "404 not-found"],
    [`/v1/records/${"0".repeat(32)}`, "404 not-found"],
    [`/v1/records/${"0".repeat(32)}/proof`, "404 not-found"],
    [`/v1/traces/${"0".repeat(32)}`, "400 bad-request"],
    [`/v1/traces/${"1".repeat(32)}`, "404 not-found"],
    ["/v1/logs/nobody/checkpoint", "404 not-found"],
    [`/v1/actions/${secret}`, "400 bad-request"],
    [`/v1/traces/${secret}`, "400 bad-request"],
    [`/v1/records?class=${secret}`, "400 bad-request"],
    [`/v1/records?cursor=${secret}`, "400 bad-cursor"],
    [`/v1/sessions?cursor=${secret}`, "400 bad-cursor"],
    [`/v1/actions?cursor=${secret}`, "400 bad-cursor"],
    [`/v1/sessions/x/timeline?cursor=${secret}`, "400 bad-cursor"],
    ["/v1/actions?limit=0", "400 bad-request"],
    ["/v1/actions?limit=1001", "400 bad-request"],
    ["/v1/actions?limit=ten", "400 bad-request"],
    ["/v1/actions?tier=9", "400 bad-request"],
    ["/v1/actions?contested=maybe", "400 bad-request"],
    [`/v1/sessions?from=${secret}`, "400 bad-request"],
    ["/v1/log/tile/../../../../admin.key", "404 not-found"],
    ["/v1/log/..%2F..%2F..%2Fadmin.key", "404 not-found"],
  ] as const) {
    const answer = await ask(custody.api, "GET", path, { key: custody.adminKey });
    expect(refusal(answer), path).toBe(expected);
    expect(answer.type, path).toContain("application/problem+json");
    expect(faultsOf(answer.json, problem), path).toEqual([]);
    expect(answer.text, path).not.toContain(secret);
  }
});

test("an unknown parameter is refused by every operation that reads", async () => {
  for (const { method, template } of await operationsOf(custody)) {
    if (method !== "GET") continue;
    const path = template.replaceAll(/\{([a-z_]+)\}/g, (_all, name) => idOf(template)[name] || "x");
    const answer = await ask(custody.api, method, `${path}?sesion=x`, { key: custody.adminKey });
    expect(refusal(answer), path).toBe("400 bad-request");
    expect(answer.text, path).toContain("sesion");
  }
});

test("an unknown member of a body is refused", async () => {
  for (const [path, body] of [
    ["/v1/keys", { kind: "reader", subject: "rita", until: "tomorrow" }],
    [
      "/v1/exports",
      {
        framework: "soc2",
        from: "2026-01-01T00:00:00Z",
        to: "2026-02-01T00:00:00Z",
        purpose: "a test",
        secretly: true,
      },
    ],
    ["/v1/fsck", { quick: true }],
  ] as const) {
    const answer = await ask(custody.api, "POST", path, { key: custody.adminKey, body });
    expect(refusal(answer), path).toBe("400 bad-request");
  }
});

test("a window is what it says in every form of its times, and from lies inside, to outside", async () => {
  const session = values["session"] ?? "";
  const all = await everyItem<ToldRecord>(custody, `/v1/records?session=${session}`);
  const times = all.map(({ record }) => String(record["ts"])).sort();
  const middle = times[Math.floor(times.length / 2)] ?? "";
  const expected = all.filter(({ record }) => String(record["ts"]) >= middle).map(({ id }) => id);
  const other = new Date(Date.parse(middle) + 2 * 3_600_000).toISOString();
  const shifted = `${other.slice(0, 19)}.${middle.slice(20, 29)}+02:00`;
  for (const from of [middle, shifted]) {
    const query = `/v1/records?session=${session}&from=${encodeURIComponent(from)}`;
    const inside = await everyItem<ToldRecord>(custody, query);
    expect(inside.map(({ id }) => id).sort(), from).toEqual(expected.toSorted());
  }
  const before = `/v1/records?session=${session}&to=${encodeURIComponent(middle)}`;
  const outside = await everyItem<ToldRecord>(custody, before);
  expect(outside.length + expected.length).toBe(all.length);
});

test("every filter of actions gives the actions that have it, and no others", async () => {
  const all = await everyItem<ActionView>(custody, "/v1/actions");
  const filters: readonly (readonly [query: string, has: (action: ActionView) => boolean])[] = [
    [`session=${values["session"]}`, (one) => one.session === values["session"]],
    ["agent=codex", (one) => one.agent === "codex"],
    ["agent=claude-code", (one) => one.agent === "claude-code"],
    ["tool=exec_command", (one) => one.tool === "exec_command"],
    ["kind=fs", (one) => one.kind === "fs"],
    ["status=blocked", (one) => one.outcome.status === "blocked"],
    ["status=executed", (one) => one.outcome.status === "executed"],
    ["verdict=allow", (one) => one.approvals.some(({ verdict }) => verdict === "allow")],
    ["by=policy", (one) => one.approvals.some(({ by }) => by === "policy")],
    ["tier=2", (one) => one.tier === 2],
    ["tier=0", (one) => one.tier === 0],
    [
      "egress_host=denied.example",
      (one) => one.egress.some(({ host }) => host === "denied.example"),
    ],
    ["egress_action=denied", (one) => one.egress.some(({ action }) => action === "denied")],
    ["contested=false", (one) => !one.contested],
    ["contested=true", (one) => one.contested],
    ["q=denied.example", (one) => one.intent.arguments?.includes("denied.example") === true],
  ];
  for (const [query, has] of filters) {
    const listed = await everyItem<ActionView>(custody, `/v1/actions?${query}`);
    const wanted = all.filter(has).map(({ call, session }) => `${session}/${call}`);
    expect(listed.map(({ call, session }) => `${session}/${call}`).sort(), query).toEqual(
      wanted.sort(),
    );
  }
});

test("every filter of sessions gives the sessions that have it, and no others", async () => {
  const all = await everyItem<SessionView>(custody, "/v1/sessions");
  const filters: readonly (readonly [query: string, has: (session: SessionView) => boolean])[] = [
    ["agent=codex", (one) => one.agent.name === "codex"],
    ["agent=nobody", () => false],
    ["status=open", (one) => one.status === "open"],
    ["status=ended", (one) => one.status === "ended"],
    ["status=unclean", (one) => one.status === "unclean"],
    ["q=denied.example", (one) => one.id === "01a2074e-0e11-7cd0-a6b7-c26569a41cf7"],
  ];
  for (const [query, has] of filters) {
    const listed = await everyItem<SessionView>(custody, `/v1/sessions?${query}`);
    expect(listed.map(({ id }) => id).sort(), query).toEqual(
      all
        .filter(has)
        .map(({ id }) => id)
        .sort(),
    );
  }
});
