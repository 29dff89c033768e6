import type { Expectation, SignalView } from "@custody/model";
import { agentOf } from "../conventions/envelope.ts";
import { input, names, runType } from "./fields.ts";

/** On every run, in every capture. */
const always = ["gen_ai.operation.name", "langsmith.trace.name", input] as const;

/** What the captures have in common. LangSmith's release is its scope's version; applications have releases of their own. */
export const langChainExpects: Expectation = {
  sender: (item) =>
    item.signal === "span"
      ? { agent: agentOf(item, names).name, version: agentOf(item, names).version }
      : { agent: "unknown", version: undefined },
  versions: undefined,
  eventOf: ({ attributes }: SignalView) => attributes.text(runType),
  attributes: new Map<string, readonly string[]>([
    ["llm", [...always, "gen_ai.request.model"]],
    ["tool", [...always, "gen_ai.tool.name"]],
    ["chain", always],
  ]),
};
