import { createFakeModelServer, createOtlpReceiver, type ModelStep } from "@custody/testkit";
import { expect, test } from "vitest";
import { runAgent } from "../../../test/support/agent-process.ts";

const command = (id: string, text: string) => ({ id, tool: "run", arguments: { command: text } });
const steps: readonly ModelStep[] = [
  {
    say: "Build, then push.",
    calls: [command("call_build", "make"), command("call_push", "git push")],
  },
  { calls: [command("call_explode", "explode")] },
  { say: "Done." },
];

test("what the agent says itself replaces what would be inferred, call by call", async () => {
  const [model, receiver] = await Promise.all([
    createFakeModelServer({ steps }),
    createOtlpReceiver(),
  ]);
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, CUSTODY_SESSION_ID: "of-the-process" };
  const run = { agent: "explicit.mjs", modelUrl: model.url, env } as const;
  const end = await runAgent({ ...run, way: "first line" });
  const spans = receiver.spans();
  await Promise.all([model.close(), receiver.close()]);

  expect(end).toMatchObject({ stdout: "end\n", stderr: "", exitCode: 0 });
  const rows = spans.map(({ name, attributes, error }) => {
    const said = [
      "tool.status",
      "tool.exit_code",
      "approval.verdict",
      "approval.by",
      "inferred.why",
    ];
    const values = said.map((attribute) => attributes[`custody.${attribute}`]);
    return [name, attributes["custody.call.id"], error, ...values];
  });
  const none = undefined;
  const other = expect.stringMatching(/^local_/);
  expect(rows).toEqual([
    ["session example", none, false, none, none, none, none, none],
    ["invoke_agent example", none, false, none, none, none, none, none],
    ["chat gpt-5.5", none, false, none, none, none, none, none],
    ["decide run", "call_build", false, none, none, none, none, none],
    ["decide run", "call_push", false, none, none, none, none, none],
    ["approve run", "call_build", false, none, none, "allow", "policy", none],
    ["execute_tool run", "call_build", false, "executed", 3, none, none, none],
    ["approve run", "call_push", false, none, none, "deny", "human", none],
    ["observe run", "call_build", false, none, none, none, none, "model_traffic"],
    ["execute_tool run", "call_push", false, "denied", none, none, none, "approval_denied"],
    ["observe run", "call_push", false, none, none, none, none, "model_traffic"],
    ["chat gpt-5.5", none, false, none, none, none, none, none],
    ["decide run", "call_explode", false, none, none, none, none, none],
    ["approve run", "call_explode", false, none, none, "allow", "policy", none],
    ["execute_tool run", "call_explode", true, "error", none, none, none, none],
    ["observe run", "call_explode", false, none, none, none, none, "model_traffic"],
    ["chat gpt-5.5", none, false, none, none, none, none, none],
    ["session example", none, false, none, none, none, none, none],
    ["session example", none, false, none, none, none, none, none],
    ["decide page", other, false, none, none, none, none, none],
    ["execute_tool page", other, false, "timeout", none, none, none, none],
    ["observe page", other, false, none, none, none, none, none],
    ["session example", none, false, none, none, none, none, none],
  ]);
  const sessions = new Set(spans.map((span) => span.attributes["custody.session.id"]));
  expect([...sessions]).toEqual(["support-case-17", "of-the-process"]);
  const push = spans.find((span) => span.attributes["custody.approval.verdict"] === "deny");
  expect(push?.attributes).toMatchObject({
    "custody.approval.scope": "once",
    "custody.approval.approver": "ada@example.com",
    "custody.approval.raw": "clicked No",
  });
  const build = spans[6]?.attributes;
  expect(build).toMatchObject({ "custody.tool.kind": "exec", "custody.tool.success": false });
});

test("switched off, the explicit API runs the agent's functions and records nothing", async () => {
  const [model, receiver] = await Promise.all([
    createFakeModelServer({ steps }),
    createOtlpReceiver(),
  ]);
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_SDK_DISABLED: "true" };
  const run = { agent: "explicit.mjs", modelUrl: model.url, env } as const;
  const end = await runAgent({ ...run, way: "first line" });
  await Promise.all([model.close(), receiver.close()]);
  expect(end).toMatchObject({ stdout: "end\n", stderr: "", exitCode: 0 });
  expect(receiver.spans()).toEqual([]);
});
