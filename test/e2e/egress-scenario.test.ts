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

async function ship({ source, log }: Proxy): Promise<void> {
  const answer = await fetch(`${custody.otlp}/v1/egress/${source}`, {
    method: "POST",
    headers: { "content-type": "text/plain", authorization: `Bearer ${observerKey}` },
    body: log(),
  });
  expect(await answer.json()).toMatchObject({ accepted: flowsMade, rejected: 0 });
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
  const view = (await custody.get(`/v1/sessions/${session}`)) as SessionView;
  expect(view.counts).toMatchObject({
    egress_allowed: flowsMade,
    egress_unexplained: 1,
    egress_weak: 3,
  });
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
