import type { AttributeView, SpanView } from "@custody/model";
import { filled, firstFilled } from "../attributes.ts";
import { contentOf } from "../content.ts";
import { flatMessages } from "./flat-messages.ts";
import type { Words } from "./words.ts";

/** What went in, in whichever form the convention has it. */
export function inputOf(view: AttributeView, words: Words): string | undefined {
  return firstFilled(view, words.input) ?? flatUnder(view, words.inputFlat);
}

/** The answer as messages or calls. */
export function answerOf(view: AttributeView, words: Words): string | undefined {
  return firstFilled(view, words.output) ?? flatUnder(view, words.outputFlat);
}

/** The answer and its text, where the convention says them apart. */
export function responseOf(
  view: AttributeView,
  words: Words,
  answer: string | undefined,
): string | undefined {
  const text = firstFilled(view, words.outputText);
  return answer === undefined || text === undefined ? (answer ?? text) : `${text}\n${answer}`;
}

function flatUnder(view: AttributeView, prefixes: readonly string[]): string | undefined {
  return prefixes.length === 0 ? undefined : flatMessages(view, prefixes);
}

/** Content as the source sent it; what it wrote in place of content is none. */
export function sent(text: string | undefined): string | undefined {
  return contentOf(text, "withheld").text;
}

const statusError = 2;

function isFailed(item: SpanView, words: Words): boolean {
  return (
    item.statusCode === statusError || firstFilled(item.attributes, words.errorType) !== undefined
  );
}

/** What went wrong in the source's words, and the class of it. */
export interface Failure {
  readonly type: string;
  readonly text: string | undefined;
}

export function errorOf(item: SpanView, words: Words): Failure | undefined {
  if (!isFailed(item, words)) return undefined;
  const type = firstFilled(item.attributes, words.errorType);
  const said =
    item.statusMessage === "" ? firstFilled(item.attributes, words.errorText) : item.statusMessage;
  if (type !== undefined && said !== undefined) return { type, text: said };
  const exception = item.events().find((event) => event.name === "exception")?.attributes;
  return {
    type: type ?? (exception && filled(exception, "exception.type")) ?? "error",
    text: said ?? (exception && filled(exception, "exception.message")),
  };
}
