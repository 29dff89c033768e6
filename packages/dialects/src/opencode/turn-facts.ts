import type { FactSink, SpanView } from "@custody/model";
import { present } from "../present.ts";
import { spanEnvelope, spanKey } from "./envelope.ts";

/**
 * `SessionPrompt.createUserMessage`: a prompt was taken up. It has no attributes, but it is told before what ends with the process is lost;
 * the log record of the first round names the same turn. The prompt of a sub-agent is inside the trace of the turn that it belongs to.
 */
export function promptTaken(item: SpanView, sink: FactSink): "done" {
  sink.fact({
    class: "turn",
    key: spanKey(item, "turn"),
    ...spanEnvelope(item),
    ...present({ span: item.spanId, turn: item.traceId }),
    body: { event: "start", prompt_state: "unknown" },
  });
  return "done";
}
