import { genAiClaims, genAiIgnored, genAiKept, genAiWords } from "../conventions/gen-ai-words.ts";
import { type Convention, conventionOf } from "../conventions/words.ts";

/**
 * Scopes of the two senders. The SDK's spans are captured (`@anthropic-ai/sdk` 1.12.0). Those of the API are UNVERIFIED: nobody captured
 * them, they are in beta, and what is known of them is Anthropic's span reference.
 */
export const scopes = {
  sdk: "com.anthropic.sdk.",
  api: "com.anthropic.claude-platform",
} as const;

/** What precedes the name of an MCP tool in the name of its span. */
export const mcpToolSpan = "anthropic.mcp_tool_use ";

/** Every span of a request has one of these; a request that is not of a model says nothing of an agent. */
export const requestNames = ["http.route", "http.request.method"] as const;

export const convention: Convention = conventionOf({
  words: {
    ...genAiWords,
    session: [...genAiWords.session, "anthropic.session.id"],
    result: [...genAiWords.result, "anthropic.tool_result.content"],
  },
  kept: [
    ...genAiKept,
    "anthropic.request.id",
    "anthropic.message.stop_reason",
    "anthropic.session.thread.id",
    "anthropic.toolset.name",
    "anthropic.content.truncated",
    "anthropic.usage.compaction.input_tokens",
    "anthropic.usage.compaction.output_tokens",
  ],
  claims: [...genAiClaims, "anthropic.organization.id", "anthropic.workspace.id"],
  ignored: [
    ...genAiIgnored,
    ...requestNames,
    "http.request.resend_count",
    "url.scheme",
    "url.path",
    "url.full",
    "url.query",
    "anthropic.beta",
  ],
});

export type Reading = "inference" | "tool" | "turn";

/** Operations of both senders: those of the GenAI conventions. */
export const operations: Readonly<Record<string, Reading>> = {
  chat: "inference",
  execute_tool: "tool",
  invoke_agent: "turn",
};
