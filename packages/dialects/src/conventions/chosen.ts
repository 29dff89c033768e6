import type { FactSink, SpanView } from "@custody/model";
import { contentOf, contents } from "../content.ts";
import { commonToolKind } from "../tool-kinds.ts";
import { chosenCalls } from "./chosen-calls.ts";
import { type Envelope, spanKey } from "./envelope.ts";

/** What an answer decided, one fact a call, made when the answer was complete. A call that was refused is nowhere else. */
export function chosen(
  item: SpanView,
  sink: FactSink,
  envelope: Envelope,
  answer: string | undefined,
): void {
  if (answer === undefined) return;
  const made: Envelope = {
    ...envelope,
    ...(item.end === undefined ? {} : { ts: item.end }),
    ...(item.spanId === undefined ? {} : { parent: item.spanId }),
  };
  // The id of the call and the span of the answer: the span of the tool says the same decision under a key of its own.
  chosenAt(sink, made, (call) => spanKey(item, "chosen", call), answer);
}

/** The same of an answer that stands anywhere. Without a key its content is its identity. */
export function chosenAt(
  sink: FactSink,
  envelope: Envelope,
  keyOf: ((call: string) => readonly string[]) | undefined,
  answer: string | undefined,
): void {
  if (answer === undefined) return;
  for (const call of chosenCalls(answer)) {
    const args = contentOf(call.arguments, "missing");
    sink.fact({
      class: "decision",
      ...(keyOf === undefined ? {} : { key: keyOf(call.id) }),
      ...envelope,
      call: call.id,
      body: { tool: call.tool, kind: commonToolKind(call.tool), arguments_state: args.state },
      ...contents({ arguments: args.text }),
    });
  }
}
