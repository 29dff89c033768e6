import type { AttributeView } from "@custody/model";
import { filled, firstFilled } from "../attributes.ts";
import type { TokenNotes } from "../conventions/inference.ts";
import { isMembers, member, textOfValue } from "../conventions/message-text.ts";
import { parsedJson } from "../json-path.ts";
import { present } from "../present.ts";
import { input, output, usage } from "./fields.ts";

/** What stands here for content that somebody hid, in words that are known as such everywhere. */
const hidden = "[REDACTED]";

/** An empty object: what hidden inputs and outputs are sent as. */
const nothing = "{}";

/** What went in: under one name where the framework gave it one, as JSON where that was an object. */
export function inputOf(attributes: AttributeView): string | undefined {
  const text = filled(attributes, input);
  if (text === nothing && isHidden(attributes)) return hidden;
  return only(text, "input") ?? text;
}

/** What came back, out of the name that a single value is wrapped in. */
export function outputOf(attributes: AttributeView): string | undefined {
  const text = filled(attributes, output);
  if (text === nothing) return hidden;
  return only(text, "outputs") ?? only(text, "output") ?? text;
}

/** A tool without arguments is called with an empty object as well; nothing at all came back of none. */
function isHidden(attributes: AttributeView): boolean {
  const text = filled(attributes, output);
  return text === undefined || text === nothing;
}

/** The one member of an object, if it has that name. */
function only(text: string | undefined, name: string): string | undefined {
  const value = parsedJson(text);
  if (!isMembers(value) || Object.keys(value).length !== 1) return undefined;
  return textOfValue(member(value, name));
}

/** Counts of cached and reasoned tokens, which the export keeps in JSON alone; of streamed and hidden answers, all of them. */
export function tokensOf(attributes: AttributeView): TokenNotes {
  const told = parsedJson(firstFilled(attributes, usage));
  const count = (...path: readonly string[]): number | undefined => {
    let here: unknown = told;
    for (const step of path) here = isMembers(here) ? member(here, step) : undefined;
    return typeof here === "number" && Number.isSafeInteger(here) && here >= 0 ? here : undefined;
  };
  return present({
    input_tokens: count("input_tokens"),
    output_tokens: count("output_tokens"),
    cached_input_tokens: count("input_token_details", "cache_read"),
    cache_write_tokens: count("input_token_details", "cache_creation"),
    reasoning_tokens: count("output_token_details", "reasoning"),
  });
}
