import type { Expectation } from "@custody/model";
import { agentOf } from "../conventions/envelope.ts";
import { convention, methodName } from "./fields.ts";

/** What the conventions require of a request, by its method. They have no release that a sender would name. */
export const mcpExpects: Expectation = {
  sender: (item) =>
    item.signal === "span"
      ? {
          agent: agentOf(item, convention.words).name,
          version: agentOf(item, convention.words).version,
        }
      : { agent: item.resource.text("service.name") ?? "unknown", version: undefined },
  versions: undefined,
  eventOf: (item) =>
    item.signal === "metric" ? `metric ${item.name}` : item.attributes.text(methodName),
  attributes: new Map(),
};
