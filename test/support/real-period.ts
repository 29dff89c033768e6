import { capturedRequests, send } from "../e2e/captures.ts";
import type { CustodyProcess } from "../e2e/custody-process.ts";
import { settled } from "../e2e/told.ts";
import { makeRequest } from "./made-requests.ts";
import { createRandom } from "./random.ts";

/** Every command needs a person's word. */
const policies = {
  tiers: { rules: [{ label: "tool:exec_command", tier: 2 }], default: 1 },
  egress: {
    default: "deny",
    rules: [{ id: "allowed.example", host: "allowed.example", ports: [80, 443] }],
  },
  sandbox: { profiles: [{ name: "ci", config_digest: "5a".repeat(32), mode: "workspace-write" }] },
} as const;

/** What really happened to real agents, with policies, an attested sandbox and a proxy's log, each under the key of who says it. */
export async function recordPeriod(custody: CustodyProcess): Promise<void> {
  const keys = {
    alice: await custody.key("authority", "alice"),
    bob: await custody.key("authority", "bob"),
    launcher: await custody.key("observer", "ci-launcher", "sandbox"),
    proxy: await custody.key("observer", "egress-proxy", "proxy"),
    agent: await custody.key("agent", "laptop-1"),
  };
  const call = async (
    key: string,
    method: string,
    path: string,
    body: unknown,
  ): Promise<string> => {
    const text = typeof body === "string";
    const answer = await fetch(`${custody.otlp}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        "content-type": text ? "application/x-ndjson" : "application/json",
      },
      body: text ? body : JSON.stringify(body),
    });
    const said = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${said}`);
    return said;
  };
  for (const [kind, document] of Object.entries(policies)) {
    await call(keys.alice, "PUT", `/v1/policies/${kind}/default`, { document });
    await call(keys.bob, "POST", `/v1/policies/${kind}/default/1/approve`, {});
  }
  const ts = new Date().toISOString();
  await call(keys.launcher, "PUT", "/v1/sandboxes/ci-1", {
    event: "start",
    ts,
    profile: "ci",
    mode: "workspace-write",
    backend: "container",
    config_digest: "5a".repeat(32),
    escapes_allowed: false,
  });
  const flow = { ts, port: 443, protocol: "https" };
  const lines = [
    { ...flow, id: "f1", host: "allowed.example", action: "allowed", rule: "allowed.example" },
    { ...flow, id: "f2", host: "denied.example", action: "denied" },
  ];
  await call(
    keys.proxy,
    "POST",
    "/v1/egress/ndjson",
    lines.map((line) => JSON.stringify(line)).join("\n"),
  );
  for (const scenario of ["tool-edit", "network-proxy", "execpolicy-rules", "sandbox-denied"]) {
    await replay(custody, "codex", scenario, keys.agent);
  }
  await replay(custody, "claude-code", "tool-edit", keys.agent);
  // Captured times lie before the policies, as told today: calls of now are judged by them whenever this runs.
  const random = createRandom(1);
  for (let sent = 0; sent < 16; sent++) {
    const { path, body } = makeRequest(random);
    await call(keys.agent, "POST", path, JSON.parse(body));
  }
  await settled(custody);
}

export async function replay(
  custody: CustodyProcess,
  agent: "codex" | "claude-code",
  scenario: string,
  key?: string,
): Promise<void> {
  for (const request of capturedRequests(agent, scenario)) {
    const status = await send(custody.otlp, request, key);
    if (status !== 200) throw new Error(`${agent}/${scenario} was answered ${status}`);
  }
}
