import type { Expectation, SignalView } from "@custody/model";
import { common } from "./fields.ts";

/** On every event, in every capture. */
const always = [common.session, common.time, common.sequence] as const;

/** A model call that failed has no tokens. */
const failedRequest = "claude_code.llm_request failed";

/** What Claude Code's captures have in common, where the dialect reads it (agent-telemetry 2.2 to 2.5). */
export const claudeCodeExpects: Expectation = {
  sender: ({ attributes, resource }) => ({
    agent: "claude-code",
    version: attributes.text(common.version) ?? resource.text("service.version"),
  }),
  versions: ["2.1.197", "2.1.330"],
  eventOf,
  attributes: new Map<string, readonly string[]>([
    ["user_prompt", [...always, common.prompt, "prompt", "prompt_length"]],
    ["assistant_response", [...always, common.prompt, "response"]],
    [
      "api_request",
      [
        ...always,
        common.prompt,
        common.model,
        "input_tokens",
        "output_tokens",
        "cache_read_tokens",
      ],
    ],
    ["api_error", [...always, common.model, "attempt"]],
    ["api_retries_exhausted", [...always, common.model, "total_attempts"]],
    ["tool_decision", [...always, common.prompt, "tool_name", "tool_use_id", "decision", "source"]],
    ["tool_result", [...always, common.prompt, "tool_name", "tool_use_id", "success"]],
    ["permission_mode_changed", [...always, "from_mode", "to_mode"]],
    ["claude_code.interaction", [common.session, "user_prompt"]],
    ["claude_code.llm_request", [common.session, common.model, "input_tokens", "output_tokens"]],
    [failedRequest, [common.session, common.model]],
    ["claude_code.tool", [common.session, "tool_name", "tool_use_id"]],
    ["claude_code.tool.execution", [common.session, "tool_use_id", "success"]],
    ["claude_code.tool.blocked_on_user", [common.session, "decision", "source"]],
    ["claude_code.token.usage", ["type"]],
    ["claude_code.code_edit_tool.decision", ["decision", "source", "tool_name"]],
  ]),
};

function eventOf(item: SignalView): string | undefined {
  if (item.signal === "log") return item.attributes.text(common.event);
  const isFailure =
    item.name === "claude_code.llm_request" && item.attributes.boolean("success") === false;
  return isFailure ? failedRequest : item.name;
}
