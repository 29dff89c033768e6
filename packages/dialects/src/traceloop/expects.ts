import type { Expectation, SignalView } from "@custody/model";
import { filled, firstFilled } from "../attributes.ts";
import { agentOf } from "../conventions/envelope.ts";
import { entity, names, spanKind } from "./fields.ts";

/** What the captures have in common. The instrumentation's own release is its scope's, and every package has its own. */
export const traceloopExpects: Expectation = {
  sender: (item) =>
    item.signal === "span"
      ? { agent: agentOf(item, names).name, version: agentOf(item, names).version }
      : { agent: "unknown", version: undefined },
  versions: undefined,
  eventOf: ({ attributes }: SignalView) =>
    filled(attributes, spanKind) ?? firstFilled(attributes, names.operation),
  // Content goes where it was turned off, and a failed call has no tokens.
  attributes: new Map<string, readonly string[]>([
    ["workflow", [entity]],
    ["agent", [entity]],
    ["tool", [entity]],
    ["chat", ["gen_ai.provider.name", "gen_ai.request.model"]],
  ]),
};
