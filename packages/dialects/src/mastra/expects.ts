import type { Expectation } from "@custody/model";
import { filled } from "../attributes.ts";
import { agentOf } from "../conventions/envelope.ts";
import { convention, spanType } from "./fields.ts";

/** What every capture has. The version of a sender is the application's own: the exporter's is that of its scope. */
export const mastraExpects: Expectation = {
  sender: (item) => ({
    agent:
      item.signal === "metric"
        ? (item.resource.text("service.name") ?? "unknown")
        : agentOf(item, convention.words).name,
    version: item.scope.version === "" ? undefined : item.scope.version,
  }),
  versions: undefined,
  eventOf: (item) => (item.signal === "span" ? filled(item.attributes, spanType) : item.signal),
  attributes: new Map<string, readonly string[]>([
    ["agent_run", ["gen_ai.agent.id", "mastra.agent_run.input"]],
    ["model_inference", ["gen_ai.request.model", "gen_ai.provider.name"]],
    ["model_step", ["mastra.model_step.output"]],
    ["tool_call", ["gen_ai.tool.name", "gen_ai.tool.call.id"]],
  ]),
};
