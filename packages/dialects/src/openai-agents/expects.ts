import type { Expectation, SignalView } from "@custody/model";
import { filled } from "../attributes.ts";
import { member } from "./fields.ts";

/** On every span, in every capture. */
const always = ["id", "trace_id", "started_at", "ended_at"] as const;

/**
 * What the captures have in common. The Python SDK has releases of its own and names none, so that a release says nothing of the shape.
 */
export const openAiAgentsExpects: Expectation = {
  sender: ({ resource }) => ({
    agent: "openai-agents",
    version: filled(resource, "service.version"),
  }),
  versions: undefined,
  eventOf,
  attributes: new Map<string, readonly string[]>([
    ["trace", ["id", member.workflow]],
    ["response", always],
    ["generation", [...always, "span_data.model"]],
    ["function", [...always, member.name]],
    ["handoff", [...always, member.fromAgent, member.toAgent]],
    ["guardrail", [...always, member.name, member.triggered]],
    ["agent", [...always, member.name]],
    ["task", always],
    ["turn", always],
  ]),
};

function eventOf({ attributes }: SignalView): string | undefined {
  const object = attributes.text(member.object);
  if (object !== "trace.span") return object;
  return filled(attributes, member.sdkType) ?? filled(attributes, member.type);
}
