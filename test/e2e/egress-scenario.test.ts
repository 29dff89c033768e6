import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ActionView, LedgerRecord, SessionView } from "@custody/model";
import { createEgressProxy } from "@custody/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { calls, runEgressAgent } from "../support/egress-agent.ts";
import { squidIsInstalled, startSquid } from "../support/squid.ts";
import {
  type CustodyProcess,
  eventually,
  removeFolder,
  startCustody,
  temporaryFolder,
} from "./custody-process.ts";
import { everyItem, settled } from "./told.ts";

// The scripted agent behind a real forward proxy: three calls open at once, and a process that one of them leaves behind, which sends to a host that
// an earlier call had every reason to reach.

const hosts = ["early", "alpha", "beta", "shared"].map((name) => `${name}.example`);
/** What is sent: one request of each call's own, two to the shared host, and two by the process left behind. */
const flowsMade = 7;

const data = temporaryFolder("egress-scenario");
const folder = temporaryFolder("egress-squid");
const site = createServer((_, response) => response.end("ok"));
let custody: CustodyProcess;
let port: number;
let agentKey: string;
let observerKey: string;

beforeAll(async () => {
  site.listen(0, "127.0.0.1");
  await once(site, "listening");
  port = (site.address() as AddressInfo).port;
  custody = await startCustody(data);
  agentKey = await custody.key("agent", "laptop-1");
  observerKey = await custody.key("observer", "egress-proxy", "proxy");
});

afterAll(async () => {
  site.close();
  expect(await custody.stop()).toBe(0);
  removeFolder(data);
  removeFolder(folder);
});

/** What a proxy is to the scenario. */
interface Proxy {
  readonly source: "ndjson" | "squid";
  urlFor(session: string): string;
  /** One line a flow. */
  log(): string;
  stop(): Promise<void>;
}

async function ownProxy(): Promise<Proxy> {
  const map = Object.fromEntries(hosts.map((host) => [host, { host: "127.0.0.1", port }]));
  const proxy = await createEgressProxy({ allow: hosts, map });
  return {
    source: "ndjson",
    urlFor: proxy.urlFor,
    log: () => proxy.lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
    stop: proxy.close,
  };
}

async function realSquid(): Promise<Proxy | undefined> {
  const map = Object.fromEntries(hosts.map((host) => [host, "127.0.0.1"]));
  const squid = await startSquid(folder, hosts, map);
  return (
    squid && {
      source: "squid",
      urlFor: (session) => `http://${session}:${squid.passwordOf(session)}@${squid.address}`,
      log: () =>
        squid
          .log()
          .split("\n")
          .filter((line) => line.includes("session=s-"))
          .map((line) => `${line}\n`)
          .join(""),
      stop: squid.stop,
    }
  );
}

describe.each([
  { name: "a forward proxy on loopback", start: ownProxy, isHere: true },
  { name: "a real Squid", start: realSquid, isHere: squidIsInstalled },
])("behind $name", ({ start, isHere }) => {
  test.skipIf(!isHere)(
    "every flow stands on the action that made it, and what was left behind is explained by none",
    async ({ skip }) => {
      const proxy = await start();
      if (proxy === undefined)
        return skip("Squid is installed, and this machine does not let it run");
      const session = `s-behind-${proxy.source}`;
      try {
        await runEgressAgent({
          session,
          proxyUrl: proxy.urlFor(session),
          port,
          env: { OTEL_EXPORTER_OTLP_ENDPOINT: custody.otlp, CUSTODY_KEY: agentKey },
          isOver: () =>
            eventually(
              async () => (proxy.log().split("\n").length > flowsMade ? true : undefined),
              "everything sent",
            ),
        });
        await ship(proxy);
      } finally {
        await proxy.stop();
      }
      await settled(custody);
      await expectTold(session);
    },
  );
});

test("flows that name only a sandbox are of the session whose sandbox it was, and of the call whose process a sensor saw", async () => {
  const session = "s-in-a-sandbox";
  const began = Date.now() - 60_000;
  const at = (second: number): string => new Date(began + second * 1_000).toISOString();
  const runtime = await custody.key("observer", "docker", "sandbox");
  const box = "4f6d8c1a2b3e".padEnd(64, "0");
  await put(`/v1/sandboxes/${box}`, runtime, {
    event: "start",
    ts: at(0),
    session,
  });
  await tell(session, [
    {
      call: "call_one",
      command: "curl http://one.example http://both.example",
      from: at(1),
      to: at(9),
    },
    {
      call: "call_two",
      command: "curl http://two.example http://both.example",
      from: at(1),
      to: at(9),
    },
  ]);
  // The proxy asks for no password here: its lines name the sandbox and no session.
  const seen = (second: number, host: string, port: number) => ({
    ts: at(second),
    host,
    port: 80,
    protocol: "http",
    action: "allowed",
    client: `172.17.0.2:${port}`,
    sandbox: box,
  });
  await postLines("ndjson", observerKey, [
    seen(3, "one.example", 40_001),
    seen(4, "both.example", 40_002),
    seen(5, "both.example", 40_003),
  ]);
  const sensed = (second: number, port: number) => ({
    process_kprobe: {
      process: { exec_id: "curl-of-one", start_time: at(2), docker: box.slice(0, 15) },
      function_name: "tcp_connect",
      args: [
        {
          sock_arg: {
            protocol: "IPPROTO_TCP",
            saddr: "172.17.0.2",
            sport: port,
            daddr: "172.17.0.1",
            dport: 3128,
          },
        },
      ],
      action: "KPROBE_ACTION_POST",
    },
    time: at(second),
  });
  await postLines("tetragon", runtime, [sensed(2.9, 40_001), sensed(3.9, 40_002)]);
  await settled(custody);

  const actions = await everyItem<ActionView>(custody, `/v1/actions?session=${session}`);
  const told = actions.flatMap(({ call, egress }) =>
    egress.map(({ host, match }) => [call, host, match.method, match.confidence]),
  );
  expect(told.sort()).toEqual([
    ["call_one", "172.17.0.1", "process", "high"],
    ["call_one", "172.17.0.1", "process", "high"],
    ["call_one", "both.example", "client_port", "high"],
    ["call_one", "one.example", "session_and_arguments", "high"],
  ]);
  const view = (await custody.get(`/v1/sessions/${session}`)) as SessionView;
  // No sensor saw the sender of the third: one of two calls made it.
  expect(view.counts).toMatchObject({ egress_unexplained: 0, egress_weak: 1 });
});

test("a header names a session only where the observer vouches that its proxy sets it", async () => {
  const line = (session: string) => ({
    start_time: new Date().toISOString(),
    method: "GET",
    authority: "packages.example",
    response_code: 200,
    x_custody_session: session,
  });
  await postLines("envoy", observerKey, [line("s-of-a-header")]);
  await postLines("envoy?session=header", observerKey, [line("s-vouched-for")]);
  const path = `${custody.otlp}/v1/egress/envoy?session=whatever`;
  const headers = { authorization: `Bearer ${observerKey}`, "content-type": "text/plain" };
  expect((await fetch(path, { method: "POST", headers, body: "{}" })).status).toBe(400);
  await settled(custody);
  const flows = await everyItem<{ readonly record: LedgerRecord<"egress"> }>(
    custody,
    "/v1/records?class=egress&egress_host=packages.example",
  );
  expect(flows.map(({ record }) => record.session ?? "nobody").sort()).toEqual([
    "nobody",
    "s-vouched-for",
  ]);
});

interface ToldCall {
  readonly call: string;
  readonly command: string;
  readonly from: string;
  readonly to: string;
}

/** The agent's own account of its commands, as Codex logs it. */
async function tell(session: string, told: readonly ToldCall[]): Promise<void> {
  const logRecords = told.map(({ call, command, from, to }) => {
    const values = {
      "event.name": "codex.tool_result",
      "event.timestamp": to,
      "conversation.id": session,
      "app.version": "0.169.0",
      tool_name: "exec_command",
      call_id: call,
      arguments: JSON.stringify({ cmd: command }),
      output: "",
      success: "true",
      duration_ms: String(Date.parse(to) - Date.parse(from)),
    };
    const attributes = Object.entries(values).map(([key, stringValue]) => ({
      key,
      value: { stringValue },
    }));
    return { attributes };
  });
  const scopeLogs = [{ scope: { name: "codex_otel.log_only" }, logRecords }];
  const body = JSON.stringify({ resourceLogs: [{ scopeLogs }] });
  await send("POST", "/v1/logs", agentKey, "application/json", body);
}

function put(path: string, key: string, body: object): Promise<unknown> {
  return send("PUT", path, key, "application/json", JSON.stringify(body));
}

function postLines(source: string, key: string, lines: readonly object[]): Promise<unknown> {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  return send("POST", `/v1/egress/${source}`, key, "text/plain", text);
}

async function send(
  method: string,
  path: string,
  key: string,
  type: string,
  body: string,
): Promise<unknown> {
  const answer = await fetch(`${custody.otlp}${path}`, {
    method,
    headers: { "content-type": type, authorization: `Bearer ${key}` },
    body,
  });
  const said: unknown = await answer.json();
  expect(answer.status, JSON.stringify(said)).toBe(200);
  return said;
}

async function ship({ source, log }: Proxy): Promise<void> {
  const said = await send("POST", `/v1/egress/${source}`, observerKey, "text/plain", log());
  expect(said).toMatchObject({ accepted: flowsMade, rejected: 0 });
}

async function expectTold(session: string): Promise<void> {
  const actions = await everyItem<ActionView>(custody, `/v1/actions?session=${session}`);
  const told = actions.flatMap(({ call, egress }) =>
    egress.map(({ host, grade, match }) => [call, host, grade, match.method, match.confidence]),
  );
  expect(told.sort()).toEqual(
    [
      [calls.early, "early.example", "observed", "proxy_session", "high"],
      [calls.alpha, "alpha.example", "observed", "session_and_arguments", "high"],
      [calls.beta, "beta.example", "observed", "session_and_arguments", "high"],
      // Left behind, while a call was open that has nothing to do with it: time alone.
      [calls.pause, "early.example", "observed", "interval", "low"],
    ].sort(),
  );
  const flows = await everyItem<{ readonly id: string; readonly record: LedgerRecord<"egress"> }>(
    custody,
    `/v1/records?class=egress&session=${session}`,
  );
  expect(flows).toHaveLength(flowsMade);
  // Two calls named the shared host at once: of those flows none is laid at either's door.
  const methods = await linkMethods(session);
  const shared = flows.filter(({ record }) => record.body.host === "shared.example");
  expect(shared.map(({ id }) => methods.get(id))).toEqual(["several_calls", "several_calls"]);
  // What was sent when no call was open has no explanation at all, though an earlier call named its host.
  const late = flows
    .map(({ record }) => record.ts)
    .sort()
    .at(-1);
  const smuggled = flows.find(({ record }) => record.ts === late);
  expect(smuggled?.record.body.host).toBe("early.example");
  expect(methods.get(smuggled?.id ?? "")).toBeUndefined();
  await eventually(
    async () => ((await unexplained(session)).has(smuggled?.id ?? "") ? true : undefined),
    "the finding of what no call explains",
  );
  const view = (await custody.get(`/v1/sessions/${session}`)) as SessionView;
  expect(view.counts).toMatchObject({
    egress_allowed: flowsMade,
    egress_unexplained: 1,
    egress_weak: 3,
  });
}

/** Flows that D-NET-04 found explained by nothing, as its findings name them. */
async function unexplained(session: string): Promise<ReadonlySet<string | undefined>> {
  const findings = await everyItem<{ readonly record: LedgerRecord<"finding"> }>(
    custody,
    `/v1/records?class=finding&session=${session}`,
  );
  const own = findings.filter(
    ({ record: { body } }) => body.rule === "D-NET-04" && body.case === "none_allowed",
  );
  return new Set(own.map(({ record }) => record.body.about));
}

/** How each flow of a session was tied, by the flow's id. */
async function linkMethods(session: string): Promise<ReadonlyMap<string, string>> {
  const links = await everyItem<{ readonly record: LedgerRecord<"link"> }>(
    custody,
    `/v1/records?class=link&session=${session}`,
  );
  return new Map(
    links
      .filter(({ record }) => record.body.kind === "egress_call")
      .map(({ record }) => [record.body.record, record.body.method]),
  );
}
