import type { Expectation, SignalView } from "@custody/model";
import { common, eventName } from "./fields.ts";

/** On every business event, in every capture. */
const always = [common.time, common.conversation, common.version] as const;

/** The `codex.sse_event` that bears the tokens of a response: the bare one before it says its duration instead. */
const usageEvent = "codex.sse_event response.completed";
/** A span named after its tool. */
const toolSpan = "tool span";

/** What Codex's captures have in common, where the dialect reads it (agent-telemetry 1.2 to 1.6). */
export const codexExpects: Expectation = {
  sender: ({ attributes, resource }) => ({
    agent: "codex",
    version: attributes.text(common.version) ?? resource.text("service.version"),
  }),
  versions: ["0.96.", "0.169."],
  eventOf,
  attributes: new Map<string, readonly string[]>([
    ["codex.conversation_starts", [...always, "approval_policy", "sandbox_policy"]],
    ["codex.user_prompt", [...always, "prompt", "prompt_length"]],
    ["codex.api_request", ["attempt", "duration_ms"]],
    ["codex.sse_event", ["event.kind"]],
    [
      usageEvent,
      [...always, "input_token_count", "output_token_count", "cached_token_count", "model"],
    ],
    ["codex.tool_decision", [...always, "call_id", "tool_name", "decision", "source"]],
    [
      "codex.tool_result",
      [...always, "call_id", "tool_name", "success", "arguments", "output", "duration_ms"],
    ],
    ["codex.sandbox_outcome", [...always, "call_id", "outcome"]],
    [
      "codex.network_proxy.policy_decision",
      [...always, "network.policy.decision", "server.address", "server.port", "execution.id"],
    ],
    ["codex.guardian_assessment", [...always, "item.id", "status"]],
    ["codex.agent_communication", ["communication_id", "state"]],
    ["session_task.turn", ["thread.id", "turn.id"]],
    ["unified_exec.exec_command", ["conversation.id", "call_id"]],
    ["mcp.tools.call", ["conversation.id", "tool.call_id", "tool.name"]],
    [toolSpan, ["conversation.id", "turn.id", "call_id"]],
  ]),
};

function eventOf(item: SignalView): string | undefined {
  const { attributes } = item;
  // Metrics bear the names of events.
  if (item.signal === "metric") return `metric ${item.name}`;
  if (item.signal === "span") {
    return attributes.has("codex.tool.phase") ? toolSpan : item.name;
  }
  const name = attributes.text(eventName);
  if (name !== "codex.sse_event") return name ?? item.scope.name;
  return attributes.text("event.kind") === "response.completed" && !attributes.has("duration_ms")
    ? usageEvent
    : name;
}
