import type { Attributes } from "@opentelemetry/api";
import { countOf, type Fields, listOf } from "../shape.ts";

const numbers: Readonly<Record<string, string>> = {
  max_tokens: "gen_ai.request.max_tokens",
  max_completion_tokens: "gen_ai.request.max_tokens",
  max_output_tokens: "gen_ai.request.max_tokens",
  temperature: "gen_ai.request.temperature",
  top_p: "gen_ai.request.top_p",
  frequency_penalty: "gen_ai.request.frequency_penalty",
  presence_penalty: "gen_ai.request.presence_penalty",
  seed: "gen_ai.request.seed",
};

/** The request parameters the GenAI convention names, where the request sets them. */
export function requestParameters(body: Fields): Attributes {
  const parameters: Attributes = {};
  for (const [field, attribute] of Object.entries(numbers)) {
    const value = countOf(body[field]);
    if (value !== undefined) parameters[attribute] = value;
  }
  const choices = countOf(body["n"]);
  if (choices !== undefined && choices !== 1) parameters["gen_ai.request.choice.count"] = choices;
  const stop = typeof body["stop"] === "string" ? [body["stop"]] : listOf(body["stop"]);
  if (stop.length > 0) parameters["gen_ai.request.stop_sequences"] = stop.map(String);
  if (body["stream"] === true) parameters["gen_ai.request.stream"] = true;
  return parameters;
}
