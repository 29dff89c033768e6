import type { Expectation, SignalView } from "@custody/model";
import { firstFilled } from "../attributes.ts";
import { agentOf } from "../conventions/envelope.ts";
import { eventName } from "../conventions/events.ts";
import { genAiWords } from "../conventions/gen-ai-words.ts";
import { own } from "./own-fields.ts";

/** What the conventions require of their spans, by operation (agent-telemetry 10.1). They have no release that a sender would name. */
export const genAiExpects: Expectation = {
  sender: (item) =>
    item.signal === "metric"
      ? {
          agent: item.resource.text("service.name") ?? "unknown",
          version: item.resource.text("service.version"),
        }
      : { agent: agentOf(item, genAiWords).name, version: agentOf(item, genAiWords).version },
  versions: undefined,
  eventOf,
  attributes: new Map<string, readonly string[]>([
    ["chat", ["gen_ai.request.model"]],
    ["embeddings", ["gen_ai.request.model"]],
    ["execute_tool", ["gen_ai.tool.name"]],
  ]),
};

function eventOf(item: SignalView): string | undefined {
  if (item.signal === "metric") return `metric ${item.name}`;
  if (item.signal === "log") return eventName(item);
  const kind = item.attributes.text(own.kind);
  return kind === undefined
    ? firstFilled(item.attributes, genAiWords.operation)
    : `custody ${kind}`;
}
