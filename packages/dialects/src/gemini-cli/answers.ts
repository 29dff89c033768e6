import type { FactSink } from "@custody/model";
import { contents } from "../content.ts";
import { at, jsonText, listAt, parsedJson, textAt } from "../json-path.ts";
import type { Envelope } from "./envelope.ts";
import { kindOf } from "./tools.ts";

/** A call that a model's answer names. */
interface ChosenCall {
  readonly id: string;
  readonly tool: string;
  readonly arguments: string | undefined;
}

/** Calls of one answer that are looked at; a model asks for a few. */
const chosenMax = 128;

/** Chunks of one streamed answer that are looked at. */
const chunksMax = 65_536;

/**
 * The calls of an answer: either the parts of the response as it came (`response_text`, a list of chunks) or the contents that a span
 * keeps of it. A call without an id gets one later, which the answer does not know, so it is left to the event of the call.
 */
export function chosenCalls(text: string | undefined): readonly ChosenCall[] {
  return listAt(parsedJson(text))
    .slice(0, chunksMax)
    .flatMap(messagesOf)
    .flatMap((message) => listAt(message, "parts"))
    .flatMap((part) => chosen(at(part, "functionCall")))
    .slice(0, chosenMax);
}

function messagesOf(chunk: unknown): readonly unknown[] {
  return at(chunk, "candidates") === undefined
    ? [chunk]
    : listAt(chunk, "candidates").map((candidate) => at(candidate, "content"));
}

function chosen(call: unknown): readonly ChosenCall[] {
  const id = textAt(call, "id");
  const tool = textAt(call, "name");
  if (id === undefined || tool === undefined) return [];
  return [{ id, tool, arguments: jsonText(at(call, "args")) }];
}

/** What a model chose is decided before anything is asked or run: each call under the id that the answer gives it. */
export function tellChosen(
  calls: readonly ChosenCall[],
  envelope: Envelope,
  role: string,
  sink: FactSink,
): void {
  for (const { id, tool, arguments: args } of calls) {
    sink.fact({
      class: "decision",
      key: ["decision", envelope.session ?? "", id, role],
      ...envelope,
      call: id,
      body: {
        tool,
        kind: kindOf(tool, undefined),
        arguments_state: args === undefined ? "missing" : "reported",
      },
      ...contents({ arguments: args }),
    });
  }
}
