import type { Expectation, SignalView } from "@custody/model";
import { eventOf } from "./detect.ts";
import { common, detailsEvent } from "./fields.ts";
import { operationOf } from "./span-facts.ts";

/** On every event, in every capture. */
const always = [common.session, common.time, common.interactive] as const;

const request = "gen_ai.request.model";

/** A model request that failed has no usage, and neither has one with `telemetry.traces` off. */
const bySpan = [common.conversation] as const;

/** What Gemini CLI's captures have in common, where the dialect reads it (agent-telemetry 3). */
export const geminiExpects: Expectation = {
  sender: () => ({ agent: "gemini-cli", version: undefined }),
  // No attribute names the release, so none can be unseen.
  versions: undefined,
  eventOf: (item: SignalView) => {
    if (item.signal === "log") return eventOf(item);
    return item.signal === "span" ? operationOf(item) : item.name;
  },
  attributes: new Map<string, readonly string[]>([
    [
      "gemini_cli.config",
      [...always, common.model, "approval_mode", "sandbox_enabled", "mcp_servers"],
    ],
    ["gemini_cli.user_prompt", [...always, common.prompt, "prompt_length"]],
    [
      "gemini_cli.tool_call",
      [
        ...always,
        common.prompt,
        "function_name",
        "success",
        "duration_ms",
        "tool_type",
        // Sent without a value where nothing was decided.
        "decision",
      ],
    ],
    ["gemini_cli.api_request", [...always, common.prompt, common.model, "role"]],
    [
      "gemini_cli.api_response",
      [
        ...always,
        common.prompt,
        common.model,
        "role",
        "input_token_count",
        "output_token_count",
        "cached_content_token_count",
        "thoughts_token_count",
      ],
    ],
    ["gemini_cli.api_error", [...always, common.prompt, common.model, "error.message"]],
    [detailsEvent, [...always, "gen_ai.provider.name", request, "gen_ai.system_instructions"]],
    ["gemini_cli.agent.start", [...always, "agent_id", "agent_name"]],
    ["gemini_cli.agent.finish", [...always, "agent_id", "agent_name", "terminate_reason"]],
    ["llm_call", [...bySpan, request, "gen_ai.prompt.name"]],
    ["tool_call", [...bySpan, "gen_ai.tool.name", "gen_ai.tool.call_id"]],
    ["schedule_tool_calls", bySpan],
    ["gemini_cli.token.usage", [common.session, common.model, "type"]],
    ["gemini_cli.tool.call.count", [common.session, "function_name", "success"]],
  ]),
};
