import type { Place, RealAgent, Target, Transport } from "./agents.ts";

/** The OpenAI Codex CLI, without its sandbox: whether a kernel allows one is not what this shows. */
export const codex: RealAgent = {
  name: "codex",
  folder: "codex",
  package: "@openai/codex",
  version: "0.169.0",
  program: "bin/codex.js",
  transports: ["http/protobuf", "http/json", "grpc"],
  callName: ({ id }) => id,
  tells: { release: true, reasoning: true },
  launch: (place, target, transport) => ({
    args: ["exec", "--json", "Fix the add function and write notes."],
    env: { OPENAI_API_KEY: "sk-played", CODEX_HOME: `${place.home}/.codex` },
    files: {
      [`${place.home}/.codex/config.toml`]: `${settings(place)}\n${exporters(target, transport)}\n`,
      [`${place.home}/.codex/rules/default.rules`]:
        'prefix_rule(pattern=["git","push"], decision="forbidden", justification="pushes are not allowed")\n',
    },
  }),
  script: () => [
    {
      say: "Let me look around.",
      calls: [{ tool: "exec_command", arguments: { cmd: "ls && cat src/app.js" } }],
    },
    { calls: [{ tool: "apply_patch", input: patch }] },
    { calls: [{ tool: "exec_command", arguments: { cmd: "git push origin main" } }] },
    {
      calls: [
        { tool: "exec_command", arguments: { cmd: "cat NOTES.md" } },
        { tool: "exec_command", arguments: { cmd: "echo checked; exit 7" } },
      ],
    },
    { say: "Fixed add and wrote NOTES.md." },
  ],
  approval: ({ arguments: args }) => ({
    verdict: String(args?.["cmd"]).startsWith("git push") ? "deny" : "allow",
    by: "policy",
  }),
  outcome({ output }) {
    const code = /(?:exited with code|Exit code:) (\d+)/.exec(output)?.[1];
    return code === undefined
      ? { status: "blocked" }
      : { status: "executed", exit_code: Number(code) };
  },
  result: (_call, { output }) => output,
};

const patch = `*** Begin Patch
*** Update File: src/app.js
@@
-exports.add = (a, b) => a - b;
+exports.add = (a, b) => a + b;
*** Add File: NOTES.md
+Fixed add.
*** End Patch
`;

function settings({ modelUrl, workspace }: Place): string {
  return `model = "gpt-5.5"
model_provider = "played"
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false

[model_providers.played]
name = "played"
base_url = "${modelUrl}/v1"
wire_api = "responses"
env_key = "OPENAI_API_KEY"

[projects."${workspace}"]
trust_level = "trusted"
`;
}

/** As `custody connect codex` prints it for protobuf; the other two by the same keys. */
function exporters({ connect, grpc, key }: Target, transport: Transport): string {
  if (transport === "http/protobuf") return connect;
  if (transport === "http/json") return connect.replaceAll('"binary"', '"json"');
  const headers = `headers = { authorization = "Bearer ${key}" }`;
  const exporter = `{ otlp-grpc = { endpoint = "${grpc}", ${headers} } }`;
  const names = ["exporter", "trace_exporter", "metrics_exporter"];
  const lines = names.map((name) => `${name} = ${exporter}`);
  return ["[otel]", "log_user_prompt = true", "log_agent_responses = true", ...lines].join("\n");
}
