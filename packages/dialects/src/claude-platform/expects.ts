import type { Expectation } from "@custody/model";
import { filled, firstFilled } from "../attributes.ts";
import { convention } from "./fields.ts";

/** What every captured span of the SDK has. Of its release the scope speaks; the API names none. */
export const claudePlatformExpects: Expectation = {
  sender: (item) => ({
    agent:
      firstFilled(item.attributes, convention.words.agentName) ??
      filled(item.resource, "service.name") ??
      "unknown",
    version: item.scope.version === "" ? undefined : item.scope.version,
  }),
  versions: undefined,
  eventOf: (item) => firstFilled(item.attributes, convention.words.operation),
  attributes: new Map<string, readonly string[]>([
    ["chat", ["gen_ai.provider.name", "gen_ai.request.model"]],
    ["execute_tool", ["gen_ai.tool.name", "gen_ai.tool.call.id"]],
  ]),
};
