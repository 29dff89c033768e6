import type { Expectation, SignalView } from "@custody/model";
import { agentOf } from "../conventions/envelope.ts";
import { names, spanKind } from "./fields.ts";

/** What the captures have in common. A convention has no release: each library that follows it has its own. */
export const openInferenceExpects: Expectation = {
  sender: (item) =>
    item.signal === "span"
      ? { agent: agentOf(item, names).name, version: agentOf(item, names).version }
      : { agent: "unknown", version: undefined },
  versions: undefined,
  eventOf: ({ attributes }: SignalView) => attributes.text(spanKind),
  // Names alone: a model call that failed, was hidden or streamed has neither model, nor content, nor tokens.
  attributes: new Map<string, readonly string[]>([
    ["TOOL", ["tool.name"]],
    ["EMBEDDING", ["embedding.model_name"]],
  ]),
};
