import { type AttributeList, put } from "../attribute-list.ts";
import { genAi } from "../attributes.ts";
import { countOf, type Fields, listOf } from "../shape.ts";

const numbers: readonly (readonly [field: string, attribute: string])[] = [
  ["temperature", "gen_ai.request.temperature"],
  ["top_p", "gen_ai.request.top_p"],
  ["frequency_penalty", "gen_ai.request.frequency_penalty"],
  ["presence_penalty", "gen_ai.request.presence_penalty"],
  ["seed", "gen_ai.request.seed"],
];

/** The request parameters the GenAI convention names, where the request sets them. */
export function requestParameters(body: Fields): AttributeList {
  const parameters: AttributeList = [];
  const tokensMax =
    body["max_completion_tokens"] ?? body["max_output_tokens"] ?? body["max_tokens"];
  put(parameters, "gen_ai.request.max_tokens", countOf(tokensMax));
  for (const [field, attribute] of numbers) put(parameters, attribute, countOf(body[field]));
  const choices = countOf(body["n"]);
  if (choices !== 1) put(parameters, "gen_ai.request.choice.count", choices);
  const stop = typeof body["stop"] === "string" ? [body["stop"]] : listOf(body["stop"]);
  if (stop.length > 0) put(parameters, "gen_ai.request.stop_sequences", stop.map(String));
  if (body["stream"] === true) put(parameters, genAi.requestStream, true);
  return parameters;
}
