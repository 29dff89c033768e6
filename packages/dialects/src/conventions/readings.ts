import type { FactSink, SpanView } from "@custody/model";
import { inference } from "./inference.ts";
import { toolExecution } from "./tool-execution.ts";
import { turn } from "./turn.ts";
import type { Convention } from "./words.ts";

/** What a span of a convention is to us. Every dialect adds readings of its own under names of its own. */
export type Reading = "inference" | "side" | "tool" | "turn" | "noise";

type Read = (
  item: SpanView,
  sink: FactSink,
  convention: Convention,
  operation: string,
) => "done" | "opaque";

/** What the model is called for beside the conversation, by the last word of the operation. */
const purposes: ReadonlyMap<string, string> = new Map([
  ["doEmbed", "embeddings"],
  ["doRerank", "rerank"],
  ["generateSpeech", "speech"],
  ["transcribe", "transcription"],
  ["streamTranscribe", "transcription"],
]);

function purposeOf(operation: string): string {
  const last = operation.slice(operation.lastIndexOf(".") + 1);
  return purposes.get(last) ?? last;
}

/** Readers by reading. `side`: a model call for another purpose, which libraries wrap in a span of the same name without tokens. */
export const readings: Readonly<Record<Reading, Read>> = {
  inference: (item, sink, convention) => inference(item, sink, convention),
  side: (item, sink, convention, operation) =>
    inference(item, sink, convention, { purpose: purposeOf(operation) }),
  tool: (item, sink, convention) => toolExecution(item, sink, convention),
  turn: (item, sink, convention) => turn(item, sink, convention),
  noise: (_item, sink, _convention, operation) => {
    sink.noise(`operation ${operation}`);
    return "done";
  },
};
