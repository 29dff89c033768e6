import type { AnyValue, LogView } from "@custody/model";
import { parsedJson } from "../json-path.ts";

/** A log record as opencode writes them: words, and mostly one JSON text beside them. */
export interface Message {
  /** The record's name, as far as it has one. */
  readonly words: string;
  /** The text beside the words, as it came. */
  readonly rest: string | undefined;
  /** The same, read. Undefined where it is no JSON. */
  readonly said: unknown;
}

/** The body is a text, or a list whose first member is one. Undefined where it is neither. */
export function messageOf({ body }: LogView): Message | undefined {
  if (body === undefined) return undefined;
  if (body.type === "string") return { words: body.value, rest: undefined, said: undefined };
  if (body.type !== "array") return undefined;
  const [words, ...others] = body.value;
  if (words?.type !== "string") return undefined;
  const texts = others.flatMap(textOf);
  const rest = texts.length === 0 ? undefined : texts.join("\n");
  return { words: words.value, rest, said: parsed(rest) };
}

function textOf(value: AnyValue): readonly string[] {
  return value.type === "string" ? [value.value] : [];
}

/** `undefined` where JSON has no such word: written by a printer of values, for members that have none. */
const noValue = /([:[,])undefined(?=[,}\]])/g;

function parsed(text: string | undefined): unknown {
  return parsedJson(text) ?? parsedJson(text?.replace(noValue, "$1null"));
}
