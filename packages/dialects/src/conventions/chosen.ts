import type { FactSink, SpanView } from "@custody/model";
import { contentOf, contents } from "../content.ts";
import { commonToolKind } from "../tool-kinds.ts";
import { chosenCalls } from "./chosen-calls.ts";
import { type Envelope, spanKey } from "./envelope.ts";

/** What an answer decided, one fact a call. A call that was refused is nowhere else. */
export function chosen(
  item: SpanView,
  sink: FactSink,
  envelope: Envelope,
  answer: string | undefined,
): void {
  if (answer === undefined) return;
  for (const call of chosenCalls(answer)) {
    const args = contentOf(call.arguments, "missing");
    sink.fact({
      class: "decision",
      // The id of the call and the span of the answer: the span of the tool says the same decision under a key of its own.
      key: spanKey(item, "chosen", call.id),
      ...envelope,
      ...(item.end === undefined ? {} : { ts: item.end }),
      ...(item.spanId === undefined ? {} : { parent: item.spanId }),
      call: call.id,
      body: { tool: call.tool, kind: commonToolKind(call.tool), arguments_state: args.state },
      ...contents({ arguments: args.text }),
    });
  }
}
