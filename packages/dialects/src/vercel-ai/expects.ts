import type { Expectation } from "@custody/model";
import { firstFilled } from "../attributes.ts";
import { convention } from "./fields.ts";

const model = ["ai.model.id", "ai.model.provider"];

/** What every capture of versions 4 to 7 has. The release of the SDK is told nowhere but in the header of its requests. */
export const vercelAiExpects: Expectation = {
  sender: ({ attributes, resource }) => ({
    agent:
      firstFilled(attributes, convention.words.agentName) ??
      resource.text("service.name") ??
      "unknown",
    version: undefined,
  }),
  versions: undefined,
  eventOf: (item) => firstFilled(item.attributes, convention.words.operation),
  attributes: new Map<string, readonly string[]>([
    ["ai.generateText", model],
    ["ai.generateText.doGenerate", model],
    ["ai.streamText", model],
    ["ai.streamText.doStream", model],
    ["ai.toolCall", ["ai.toolCall.name", "ai.toolCall.id"]],
    ["ai.embedMany.doEmbed", ["ai.usage.tokens", ...model]],
    ["chat", ["gen_ai.provider.name", "gen_ai.request.model"]],
    ["execute_tool", ["gen_ai.tool.name", "gen_ai.tool.call.id"]],
    ["invoke_agent", ["gen_ai.provider.name", "gen_ai.request.model"]],
  ]),
};
