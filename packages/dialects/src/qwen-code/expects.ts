import type { Expectation, SignalView } from "@custody/model";
import { eventOf } from "./detect.ts";
import { common } from "./fields.ts";

/** On every event, in every capture. */
const always = [common.session, common.time] as const;

/** What Qwen Code's captures have in common, where the dialect reads it (agent-telemetry 4). */
export const qwenExpects: Expectation = {
  sender: ({ resource }) => ({ agent: "qwen-code", version: resource.text("service.version") }),
  versions: ["0.24."],
  eventOf: (item: SignalView) => (item.signal === "log" ? eventOf(item) : item.name),
  attributes: new Map<string, readonly string[]>([
    ["session.start", always],
    ["session.end", always],
    [
      "qwen-code.config",
      [...always, common.model, "approval_mode", "sandbox_enabled", "mcp_servers"],
    ],
    ["qwen-code.user_prompt", [...always, common.prompt, "prompt_length"]],
    [
      "qwen-code.tool_call",
      [
        ...always,
        common.prompt,
        "call_id",
        "function_name",
        "function_args",
        "success",
        "status",
        "execution_status",
        // Sent without a value where nothing was decided.
        "decision",
      ],
    ],
    ["qwen-code.api_request", [...always, common.prompt, common.model]],
    [
      "qwen-code.api_response",
      [
        ...always,
        common.prompt,
        common.model,
        "response_id",
        "input_token_count",
        "output_token_count",
        "cached_content_token_count",
        "thoughts_token_count",
      ],
    ],
    ["qwen-code.api_error", [...always, common.prompt, common.model, "error_type"]],
    ["qwen-code.subagent_execution", [...always, common.subagent, "status"]],
    ["qwen-code.interaction", [common.session, common.promptOfSpan, "qwen-code.approval_mode"]],
    ["qwen-code.llm_request", [common.session, common.promptOfSpan, "gen_ai.request.model"]],
    ["qwen-code.tool", [common.session, "gen_ai.tool.call.id", "gen_ai.tool.name", "success"]],
    ["qwen-code.tool.execution", [common.session, "tool.call_id", "success", "execution_status"]],
    ["qwen-code.token.usage", [common.model, "type"]],
  ]),
};
