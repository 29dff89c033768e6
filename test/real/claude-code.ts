import { original } from "./agent-run.ts";
import type { RealAgent, Target, Transport } from "./agents.ts";
import type { ScriptedCall } from "./model/script.ts";

/** Claude Code, headless. */
export const claudeCode: RealAgent = {
  name: "claude-code",
  folder: "claude",
  package: "@anthropic-ai/claude-code",
  version: "2.1.330",
  program: "cli-wrapper.cjs",
  transports: ["http/protobuf", "http/json", "grpc"],
  callName: ({ id }) => id,
  tells: { release: true, reasoning: false },
  launch: (place, target, transport) => ({
    args: [
      ...["-p", "Fix the add function and write notes."],
      ...["--output-format", "stream-json", "--verbose", "--permission-mode", "acceptEdits"],
    ],
    env: {
      ANTHROPIC_API_KEY: "sk-played",
      ANTHROPIC_BASE_URL: place.modelUrl,
      ANTHROPIC_MODEL: "claude-sonnet-4-5",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      DISABLE_AUTOUPDATER: "1",
    },
    files: {
      [`${place.home}/.claude/settings.json`]: JSON.stringify({
        env: environment(target, transport),
        permissions: { allow: ["Bash"], deny: ["Bash(curl:*)"] },
      }),
    },
  }),
  script: ({ workspace }) => [
    {
      say: "Let me look around.",
      calls: [
        { tool: "Bash", arguments: { command: "ls && cat src/app.js", description: "Look" } },
      ],
    },
    { calls: [{ tool: "Read", arguments: { file_path: `${workspace}/src/app.js` } }] },
    {
      calls: [
        {
          tool: "Edit",
          arguments: {
            file_path: `${workspace}/src/app.js`,
            old_string: "a - b",
            new_string: "a + b",
          },
        },
      ],
    },
    {
      calls: [
        {
          tool: "Bash",
          arguments: { command: "curl -sS http://127.0.0.1:9/", description: "Fetch" },
        },
      ],
    },
    {
      calls: [
        {
          tool: "Write",
          arguments: { file_path: `${workspace}/NOTES.md`, content: "Fixed add.\n" },
        },
      ],
    },
    {
      calls: [
        { tool: "Bash", arguments: { command: "echo checked; exit 7", description: "Check" } },
      ],
    },
    { say: "Fixed add and wrote NOTES.md." },
  ],
  // The word for a rule in the user's settings is that for a person's "always": it proves neither.
  approval: ({ tool, arguments: args }) =>
    isRefused(args)
      ? { verdict: "deny", by: "policy" }
      : { verdict: "allow", by: tool === "Bash" ? "unknown" : "policy" },
  outcome: ({ output }) => ({
    status: output.startsWith("Permission to use") ? "denied" : "executed",
  }),
  // A failed command sends no result; files are told as they are, without the words around them.
  result({ tool, arguments: args }, { output, isError }) {
    if (isError) return undefined;
    if (tool === "Bash") return output.split("\n\n<system-reminder>")[0];
    return tool === "Read"
      ? original
      : String(args?.["content"] ?? "exports.add = (a, b) => a + b;");
  },
};

function isRefused(args: ScriptedCall["arguments"]): boolean {
  return String(args?.["command"]).startsWith("curl");
}

/** What `custody connect claude-code` prints is for protobuf; the other two change protocol and endpoint. */
function environment(
  { connect, grpc }: Target,
  transport: Transport,
): Readonly<Record<string, string>> {
  const { env } = JSON.parse(connect) as { readonly env: Readonly<Record<string, string>> };
  return {
    ...env,
    OTEL_EXPORTER_OTLP_PROTOCOL: transport,
    ...(transport === "grpc" ? { OTEL_EXPORTER_OTLP_ENDPOINT: grpc } : {}),
  };
}
