import type { FactSink, SpanView } from "@custody/model";
import { filled, firstFilled } from "../attributes.ts";
import { verdict } from "../conventions/verdict.ts";
import { convention, guardrail } from "./fields.ts";

/** Proposals are no convention yet: what is read of them says so. */
const inDevelopment = { "convention.status": "development" };

/**
 * A guardrail's span says what it found and what was done about it; the action is the verdict in force. One about a tool call is bound to it;
 * others are on the run. A guardrail that says neither decided nothing that can be said.
 */
export function guardrailRun(item: SpanView, sink: FactSink): "done" | "opaque" {
  const { attributes } = item;
  const decision = firstFilled(attributes, guardrail.decisions);
  if (decision === undefined) return "opaque";
  const isOnCall = filled(attributes, guardrail.subtype) === "tool_call";
  return verdict(item, sink, convention, {
    dialect: "genai",
    decision,
    source: "guardrail",
    call: isOnCall
      ? (filled(attributes, guardrail.target) ?? firstFilled(attributes, convention.words.call))
      : undefined,
    tool: firstFilled(attributes, convention.words.tool),
    reason: filled(attributes, guardrail.reason),
    attrs: inDevelopment,
  });
}

/** The verdict of an action gate, which stands on the span of the tool it was asked about. */
export function gateVerdict(item: SpanView, sink: FactSink): "denied" | "blocked" | undefined {
  const { attributes } = item;
  const decision = filled(attributes, guardrail.disposition);
  if (decision === undefined) return undefined;
  verdict(item, sink, convention, {
    dialect: "genai",
    decision,
    source: "gate",
    call: firstFilled(attributes, convention.words.call) ?? `span:${item.spanId ?? ""}`,
    tool: firstFilled(attributes, convention.words.tool),
    attrs: inDevelopment,
  });
  // A simulated action did not happen: the gate stopped the real one.
  return decision === "deny" ? "denied" : decision === "simulate" ? "blocked" : undefined;
}
