import { genAiClaims, genAiIgnored, genAiKept, genAiWords } from "../conventions/gen-ai-words.ts";
import { type Convention, conventionOf } from "../conventions/words.ts";

export const methodName = "mcp.method.name";

/** OTLP's numbers for kinds of spans. */
export const kinds = { server: 2, client: 3 } as const;

/** What precedes the name of an argument, where each is an attribute of its own. */
export const flatArguments = "mcp.request.argument.";

/** What precedes the name of a tool in the name of a counter of its calls. */
export const callCounters = "tools/call ";

export const convention: Convention = conventionOf({
  words: {
    ...genAiWords,
    // An MCP session is a connection: it names no conversation.
    tool: [...genAiWords.tool, "mcp.tool.name"],
    mcpServer: ["mcp.server.name"],
  },
  kept: [
    ...genAiKept,
    "gen_ai.prompt.name",
    "mcp.prompt.name",
    "rpc.response.status_code",
    "network.protocol.name",
  ],
  claims: genAiClaims,
  ignored: [...genAiIgnored, "rpc.system", "rpc.method", "rpc.jsonrpc.version", "mcp.request.id"],
  ignoredUnder: ["mcp.request.argument"],
});

export type Reading = "call" | "fetch" | "request" | "noise";

/**
 * What a method is to us. Lists and heartbeats are counted; what a server gives into the model's context is an observation; what a server
 * asks of its client, and that a connection began, is recorded.
 */
export const methods: Readonly<Record<string, Reading>> = {
  "tools/call": "call",
  "resources/read": "fetch",
  "prompts/get": "fetch",
  initialize: "request",
  "sampling/createMessage": "request",
  "elicitation/create": "request",
  "roots/list": "noise",
  "tools/list": "noise",
  "prompts/list": "noise",
  "resources/list": "noise",
  "resources/templates/list": "noise",
  "resources/subscribe": "noise",
  "resources/unsubscribe": "noise",
  "completion/complete": "noise",
  "logging/setLevel": "noise",
  ping: "noise",
  "notifications/initialized": "noise",
  "notifications/cancelled": "noise",
  "notifications/progress": "noise",
  "notifications/message": "noise",
  "notifications/resources/updated": "noise",
  "notifications/resources/list_changed": "noise",
  "notifications/tools/list_changed": "noise",
  "notifications/prompts/list_changed": "noise",
  "notifications/roots/list_changed": "noise",
};

/** Metrics of the MCP conventions, and what each measures. They repeat the spans as sums and are counted by name. */
export const metricNames: ReadonlyMap<string, string> = new Map([
  ["mcp.client.operation.duration", "seconds of a request as its client saw it"],
  ["mcp.server.operation.duration", "seconds of a request as its server saw it"],
  ["mcp.client.session.duration", "seconds of a connection as its client saw it"],
  ["mcp.server.session.duration", "seconds of a connection as its server saw it"],
]);
