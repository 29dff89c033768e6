import type { Expectation, SignalView } from "@custody/model";
import { firstFilled } from "../attributes.ts";
import { isCopilotChat } from "./detect.ts";
import { logEventNames } from "./event-names.ts";
import { names, notificationSpan, permissionSpan } from "./fields.ts";

const failedChat = "chat failed";
const session = "gen_ai.conversation.id";

/** What the captures of the CLI have in common, where the dialect reads it; of VS Code, what its documentation calls required. */
export const copilotExpects: Expectation = {
  sender: (item) => ({
    agent: isCopilotChat(item) ? "copilot-chat" : "copilot",
    version: item.resource.text("service.version"),
  }),
  versions: ["1.0.102"],
  eventOf,
  attributes: new Map<string, readonly string[]>([
    ["invoke_agent", [session]],
    [
      "chat",
      [session, "gen_ai.request.model", "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens"],
    ],
    [failedChat, [session, "gen_ai.request.model"]],
    ["execute_tool", [session, "gen_ai.tool.name", "gen_ai.tool.call.id"]],
    ["execute_hook", [session, "copilot_chat.hook_type"]],
    [
      permissionSpan,
      [session, "github.copilot.permission.kind", "github.copilot.permission.result"],
    ],
    [notificationSpan, []],
    ...Object.keys(logEventNames).map((name) => [name, []] as const),
  ]),
};

function eventOf(item: SignalView): string | undefined {
  if (item.signal === "metric") return item.name;
  if (item.signal === "log") return item.attributes.text("event.name") ?? item.eventName;
  const operation = firstFilled(item.attributes, names.operation);
  if (operation === undefined) return item.name;
  return operation === "chat" && item.attributes.value("error.type") !== undefined
    ? failedChat
    : operation;
}
