import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createApprovalConsole } from "../approval-console.ts";
import { createEgressProxy } from "../egress-proxy.ts";
import { createFakeModelServer } from "../fake-model-server.ts";
import { createOtlpReceiver, type ReceivedSpan } from "../otlp-receiver.ts";
import { runScriptedAgent, scriptedAgentPath } from "./run.ts";
import { packageMetadata, scriptedSteps } from "./scenario.ts";
import { createScriptedWorkspace } from "./workspace.ts";

const session = "scripted-session";

async function runScenario() {
  const packages = createServer((_, response) => response.end(JSON.stringify(packageMetadata)));
  await new Promise<void>((listening) => packages.listen(0, "127.0.0.1", listening));
  const { port } = packages.address() as AddressInfo;
  const [model, receiver, workspace, proxy, approvals] = await Promise.all([
    createFakeModelServer({ steps: scriptedSteps }),
    createOtlpReceiver(),
    createScriptedWorkspace(),
    createEgressProxy({
      allow: ["packages.example"],
      map: { "packages.example": { host: "127.0.0.1", port } },
    }),
    createApprovalConsole(() => ({ verdict: "deny", approver: "ada@example.com" })),
  ]);
  try {
    const end = await runScriptedAgent({
      modelUrl: model.url,
      workspace: workspace.folder,
      proxyUrl: proxy.urlFor(session),
      consoleUrl: approvals.urlFor(session),
      session,
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    });
    const manifest = readFileSync(join(workspace.folder, "package.json"), "utf8");
    const { lines } = proxy;
    return { end, spans: receiver.spans(), lines, decided: approvals.decided, manifest };
  } finally {
    packages.close();
    const parts = [model, receiver, proxy, approvals];
    await Promise.all([...parts.map((part) => part.close()), workspace.remove()]);
  }
}

const rowOf = ({ attributes }: ReceivedSpan) => [
  attributes["custody.call.id"],
  attributes["gen_ai.tool.name"],
  attributes["custody.tool.status"],
  attributes["custody.tool.exit_code"],
];

test("the scripted agent edits, is refused, is blocked, and installs unasked, and its own account of it is recorded", async () => {
  const { end, spans, lines, decided, manifest } = await runScenario();
  expect(end).toMatchObject({ exitCode: 0, stderr: "" });
  expect(end.stdout).toMatch(/Done: greet\(\) says the name and left-pad is installed/);

  const calls = spans.filter(({ name }) => name.startsWith("execute_tool"));
  expect(calls.map(rowOf)).toEqual([
    ["call_read_source", "read_file", "unknown", undefined],
    ["call_read_test", "read_file", "unknown", undefined],
    ["call_write_source", "write_file", "unknown", undefined],
    ["call_run_tests", "run_command", "executed", 0],
    ["call_push_refused", "run_command", "unknown", undefined],
    ["call_fetch_blocked", "fetch_url", "unknown", undefined],
    ["call_fetch_allowed", "fetch_url", "unknown", undefined],
    ["call_install_unasked", "run_command", "executed", 0],
  ]);
  const kinds = spans.map((span) => span.attributes["custody.span.kind"]);
  const count = (kind: string) => kinds.filter((one) => one === kind).length;
  expect([count("decision"), count("observation"), count("inference")]).toEqual([8, 8, 8]);
  expect(new Set(spans.map((span) => span.attributes["custody.session.id"]))).toEqual(
    new Set([session]),
  );

  // What the observers saw of the same calls.
  expect(decided).toMatchObject([
    { session, call: "call_push_refused", command: "git push origin main", verdict: "deny" },
  ]);
  expect(lines).toMatchObject([
    { session, host: "denied.example", port: 80, action: "denied", reason: "not_on_allow_list" },
    {
      session,
      host: "packages.example",
      action: "allowed",
      rule: "packages.example",
      bytes_in: 37,
    },
  ]);
  expect(manifest).toContain("vendor/left-pad");
});

test("the scripted agent is an ordinary agent but for one line", () => {
  const lines = readFileSync(scriptedAgentPath, "utf8").split("\n");
  expect(lines.filter((line) => /custody/i.test(line))).toEqual([
    'import "@custody/instrumentation/register";',
  ]);
});
