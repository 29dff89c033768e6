import type { RealAgent, Target, Transport } from "./agents.ts";

/** Gemini CLI, headless. Over HTTP it sends JSON; gRPC is what it does unless told otherwise. */
export const geminiCli: RealAgent = {
  name: "gemini-cli",
  folder: "gemini",
  package: "@google/gemini-cli",
  version: "0.61.0",
  program: "bundle/gemini.js",
  transports: ["grpc", "http/json"],
  // It puts the tool before the provider's id, towards the model too.
  callName: ({ id, tool }) => `${tool}__${id}`,
  tells: { release: false, reasoning: true },
  launch: (place, target, transport) => ({
    args: [
      ...["-p", "Fix the add function and write notes.", "-o", "stream-json"],
      ...["-m", "gemini-2.5-pro", "--approval-mode", "auto_edit"],
      ...["--policy", `${place.home}/policy.toml`],
    ],
    env: {
      GEMINI_API_KEY: "sk-played",
      GOOGLE_GEMINI_BASE_URL: place.modelUrl,
      GEMINI_CLI_TRUST_WORKSPACE: "true",
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer ${target.key}`,
    },
    files: {
      [`${place.home}/policy.toml`]: `${rule("curl", "deny", 200)}${rule("ls", "allow", 150)}${rule("sh", "allow", 150)}`,
      [`${place.home}/.gemini/settings.json`]: JSON.stringify({
        security: { auth: { selectedType: "gemini-api-key" }, folderTrust: { enabled: false } },
        general: { enableAutoUpdate: false },
        privacy: { usageStatisticsEnabled: false },
        telemetry: telemetry(target, transport),
      }),
    },
  }),
  script: ({ workspace }) => [
    {
      say: "Let me look around.",
      calls: [{ tool: "run_shell_command", arguments: { command: "ls src" } }],
    },
    { calls: [{ tool: "read_file", arguments: { file_path: `${workspace}/src/app.js` } }] },
    {
      calls: [
        {
          tool: "write_file",
          arguments: { file_path: `${workspace}/NOTES.md`, content: "Fixed add.\n" },
        },
      ],
    },
    {
      calls: [
        { tool: "run_shell_command", arguments: { command: "curl -sS http://127.0.0.1:9/" } },
      ],
    },
    { say: "Looked, and wrote NOTES.md." },
  ],
  // `accept` is what every call that was let through has, under a rule as under a person's word.
  approval: ({ arguments: args }) =>
    String(args?.["command"]).startsWith("curl")
      ? { verdict: "deny", by: "policy" }
      : { verdict: "allow", by: "unknown" },
  outcome: ({ isError }) => ({ status: isError ? "denied" : "executed" }),
  result: (_call, { output, isError }) => (isError ? undefined : output),
};

function rule(command: string, decision: string, priority: number): string {
  return `[[rule]]
toolName = "run_shell_command"
commandPrefix = "${command}"
decision = "${decision}"
priority = ${priority}

`;
}

function telemetry({ connect, otlp }: Target, transport: Transport): object {
  const printed = JSON.parse(connect) as { readonly telemetry: object };
  return transport === "grpc"
    ? printed.telemetry
    : { ...printed.telemetry, otlpEndpoint: otlp, otlpProtocol: "http" };
}
