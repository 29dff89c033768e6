import type { Expectation, SignalView } from "@custody/model";
import { firstFilled } from "../attributes.ts";
import { names } from "./fields.ts";
import { messageOf } from "./messages.ts";

const failedModelCall = "ai.streamText.doStream failed";
const statusError = 2;

/** What the captures have in common, where the dialect reads it. Spans without attributes are expected to have none. */
export const opencodeExpects: Expectation = {
  sender: ({ resource }) => ({ agent: "opencode", version: resource.text("service.version") }),
  versions: ["1.18.33"],
  eventOf,
  attributes: new Map<string, readonly string[]>([
    ["Tool.execute", ["tool.name", "session.id", "tool.call_id"]],
    ["Permission.ask", []],
    ["LLM.run", []],
    ["SessionPrompt.createUserMessage", []],
    ["ai.toolCall", ["ai.toolCall.name", "ai.toolCall.id", "session.id"]],
    ["ai.streamText", ["session.id", "ai.model.id"]],
    [
      "ai.streamText.doStream",
      ["session.id", "ai.model.id", "ai.usage.inputTokens", "ai.usage.outputTokens"],
    ],
    [failedModelCall, ["session.id", "ai.model.id"]],
    ["evaluated", []],
    ["loop", []],
    ["created", []],
    ["stream", []],
  ]),
};

function eventOf(item: SignalView): string | undefined {
  if (item.signal === "metric") return item.name;
  if (item.signal === "log") return messageOf(item)?.words;
  const operation = firstFilled(item.attributes, names.operation) ?? item.name;
  return operation === "ai.streamText.doStream" && item.statusCode === statusError
    ? failedModelCall
    : operation;
}
