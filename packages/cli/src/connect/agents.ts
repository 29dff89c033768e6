/** Where an agent's telemetry goes. */
interface Endpoint {
  /** For example `http://127.0.0.1:4318`, without a slash at the end. */
  readonly url: string;
  /** The same over gRPC, for agents that speak it unless told otherwise. */
  readonly grpc: string;
  readonly key: string | undefined;
}

/** The exact settings that make one agent report here. Facts: each agent's own documentation of its telemetry. */
export interface AgentSettings {
  readonly title: string;
  /** The file the text belongs in, or undefined where it is environment or code. */
  readonly file?: string;
  text(endpoint: Endpoint): string;
  /** What this agent will still not say, so that nobody is surprised. */
  readonly note?: string;
}

const headerToml = (key: string | undefined): string =>
  key === undefined ? "" : `, headers = { authorization = "Bearer ${key}" }`;

const environment = (lines: Readonly<Record<string, string>>): string =>
  Object.entries(lines)
    .map(([name, value]) => `export ${name}=${JSON.stringify(value)}`)
    .join("\n");

const headers = (key: string | undefined): Record<string, string> =>
  key === undefined ? {} : { OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer ${key}` };

export const agents: Readonly<Record<string, AgentSettings>> = {
  codex: {
    title: "OpenAI Codex",
    file: "~/.codex/config.toml",
    text: ({ url, key }) =>
      [
        "[otel]",
        "log_user_prompt = true",
        "log_agent_responses = true",
        ...["exporter", "trace_exporter", "metrics_exporter"].map((name, at) => {
          const path = ["logs", "traces", "metrics"][at];
          return `${name} = { otlp-http = { endpoint = "${url}/v1/${path}", protocol = "binary"${headerToml(key)} } }`;
        }),
      ].join("\n"),
    note: "Codex sends its proxy's decisions only with the network_proxy feature and a network section in the permission profile.",
  },
  "claude-code": {
    title: "Claude Code",
    file: "~/.claude/settings.json",
    text: ({ url, key }) =>
      JSON.stringify(
        {
          env: {
            CLAUDE_CODE_ENABLE_TELEMETRY: "1",
            CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: "1",
            OTEL_METRICS_EXPORTER: "otlp",
            OTEL_LOGS_EXPORTER: "otlp",
            OTEL_TRACES_EXPORTER: "otlp",
            OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
            OTEL_EXPORTER_OTLP_ENDPOINT: url,
            OTEL_LOG_USER_PROMPTS: "1",
            OTEL_LOG_TOOL_DETAILS: "1",
            OTEL_LOG_TOOL_CONTENT: "1",
            ...headers(key),
          },
        },
        null,
        2,
      ),
    note: "Claude Code sends no sandbox or egress facts of its own; register the sandbox and ship the proxy's log.",
  },
  "gemini-cli": {
    title: "Gemini CLI",
    file: "~/.gemini/settings.json",
    text: ({ grpc }) =>
      JSON.stringify(
        {
          telemetry: {
            enabled: true,
            traces: true,
            target: "local",
            otlpEndpoint: grpc,
            otlpProtocol: "grpc",
            logPrompts: true,
          },
        },
        null,
        2,
      ),
    note: "Gemini CLI has no setting for a key: where the collector asks for one, start it with OTEL_EXPORTER_OTLP_HEADERS='authorization=Bearer <key>'. Its word on approvals and sandboxes is not to be trusted; register the sandbox and ship the proxy's log.",
  },
  "qwen-code": {
    title: "Qwen Code",
    file: "~/.qwen/settings.json",
    text: ({ grpc }) =>
      JSON.stringify(
        {
          telemetry: {
            enabled: true,
            target: "local",
            otlpEndpoint: grpc,
            otlpProtocol: "grpc",
            logPrompts: true,
            includeSensitiveSpanAttributes: true,
          },
        },
        null,
        2,
      ),
    note: "Qwen Code has no setting for a key: where the collector asks for one, start it with OTEL_EXPORTER_OTLP_HEADERS='authorization=Bearer <key>'. It sends arguments even with logPrompts off, and no egress facts; ship the proxy's log.",
  },
  copilot: {
    title: "GitHub Copilot CLI",
    text: ({ url, key }) =>
      environment({
        COPILOT_OTEL_ENABLED: "true",
        OTEL_EXPORTER_OTLP_ENDPOINT: url,
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
        OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "true",
        ...headers(key),
      }),
    note: "Copilot CLI sends no approval of what it was allowed beforehand, and no egress facts; ship the proxy's log. As an ACP server (--acp) it sends nothing at all.",
  },
  "copilot-chat": {
    title: "GitHub Copilot Chat in VS Code",
    file: "the settings.json of VS Code (User)",
    text: ({ url, key }) =>
      JSON.stringify(
        {
          "github.copilot.chat.otel.enabled": true,
          "github.copilot.chat.otel.exporterType": "otlp-http",
          "github.copilot.chat.otel.protocol": "http/protobuf",
          "github.copilot.chat.otel.otlpEndpoint": url,
          "github.copilot.chat.otel.captureContent": true,
          ...(key === undefined
            ? {}
            : { "github.copilot.chat.otel.headers": { authorization: `Bearer ${key}` } }),
        },
        null,
        2,
      ),
    note: "VS Code asks its user without telling: it sends no approvals, and no sandbox, exit code or egress facts.",
  },
  opencode: {
    title: "opencode",
    text: ({ url, key }) =>
      [
        environment({ OTEL_EXPORTER_OTLP_ENDPOINT: url, ...headers(key) }),
        "# and in ~/.config/opencode/opencode.json:",
        JSON.stringify({ experimental: { openTelemetry: true } }),
      ].join("\n"),
    note: "Without experimental.openTelemetry it sends no arguments, results, exit codes or tokens; with it, all of them. It loses what ends in the last seconds before it exits, and sends no sandbox or egress facts.",
  },
  "openai-agents": {
    title: "OpenAI Agents SDK",
    text: ({ url, key }) => {
      const endpoint = JSON.stringify(`${url}/v1/traces/ingest`);
      const agentKey = JSON.stringify(key ?? "none");
      return [
        "// JavaScript",
        'import { BatchTraceProcessor, addTraceProcessor } from "@openai/agents";',
        'import { OpenAITracingExporter } from "@openai/agents-openai";',
        `addTraceProcessor(new BatchTraceProcessor(new OpenAITracingExporter({ endpoint: ${endpoint}, apiKey: ${agentKey} })));`,
        "",
        "# Python",
        "from agents.tracing import add_trace_processor",
        "from agents.tracing.processors import BackendSpanExporter, BatchTraceProcessor",
        `add_trace_processor(BatchTraceProcessor(BackendSpanExporter(endpoint=${endpoint}, api_key=${agentKey})))`,
      ].join("\n");
    },
    note: "The exporter always sends a key, so make one with `custody keys create --kind agent` and pass it with --key. It tells no prompts, and of the Responses API no answers; setTraceProcessors (set_trace_processors) instead of add… keeps the traces from OpenAI.",
  },
  node: {
    title: "An agent of your own, in Node",
    text: ({ url, key }) =>
      [
        environment({
          ...(url === "http://127.0.0.1:4318" ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: url }),
          ...(key === undefined ? {} : { CUSTODY_KEY: key }),
        }),
        "npm install @custody/instrumentation",
        "node --import @custody/instrumentation/register agent.js",
      ]
        .filter((line) => line !== "")
        .join("\n"),
  },
};
