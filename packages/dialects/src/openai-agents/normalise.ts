import type { Dialect, FactSink, SpanView } from "@custody/model";
import { isOpenAiAgents } from "./detect.ts";
import { openAiAgentsExpects } from "./expects.ts";
import { member, type Reading, types } from "./fields.ts";
import { modelCall } from "./model-facts.ts";
import { openAiAgentsProfile } from "./profile.ts";
import { agent, custom, guardrail, noise, trace } from "./run-facts.ts";
import { handoff, toolCall } from "./tool-facts.ts";

/** Agents on the OpenAI Agents SDK that send it by the SDK's own exporter. */
export const openAiAgents: Dialect = {
  name: "openai-agents",
  version: "1",
  profiles: [openAiAgentsProfile],
  expects: openAiAgentsExpects,
  claims: isOpenAiAgents,
  normalise(item, sink) {
    if (item.signal !== "span") return "opaque";
    const { attributes } = item;
    const object = attributes.text(member.object);
    if (object === "trace") return trace(item, sink);
    const reading = types.get(attributes.text(member.type) ?? "");
    const isSpan = object === "trace.span" && item.spanId !== undefined;
    return isSpan && reading !== undefined ? readers[reading](item, sink) : "opaque";
  },
};

const readers: Readonly<Record<Reading, (item: SpanView, sink: FactSink) => "done" | "opaque">> = {
  model: (item, sink) => modelCall(item, sink),
  speech: (item, sink) => modelCall(item, sink, item.attributes.text(member.type)),
  tool: toolCall,
  handoff,
  guardrail,
  agent,
  custom,
  noise,
};
