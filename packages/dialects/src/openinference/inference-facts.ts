import type { FactSink, SpanView } from "@custody/model";
import { firstFilled } from "../attributes.ts";
import { chosenCalls } from "../conventions/chosen-calls.ts";
import { flatMessages } from "../conventions/flat-messages.ts";
import { inference } from "../conventions/inference.ts";
import { responseIdOf } from "../conventions/response-id.ts";
import { convention, names } from "./fields.ts";

/**
 * A model call, and the calls its answer asks for. Where a framework and the client it uses are both instrumented, both tell one response:
 * its id is kept, so that readers count it once.
 */
export function modelCall(item: SpanView, sink: FactSink, purpose: string | undefined): "done" {
  const { attributes } = item;
  const whole = firstFilled(attributes, names.output);
  const id = responseIdOf(whole);
  return inference(item, sink, convention, {
    ...(purpose === undefined ? {} : { purpose, primary: true }),
    answer: answerOf(item, whole),
    attrs: id === undefined ? undefined : { "gen_ai.response.id": id },
  });
}

/**
 * A streamed answer is the text alone, with its calls in the flattened messages; LangChain's flattened messages leave the ids of calls out,
 * which the answer as it came has.
 */
function answerOf({ attributes }: SpanView, whole: string | undefined): string | undefined {
  const flat = flatMessages(attributes, names.outputFlat);
  return flat !== undefined && chosenCalls(flat).length > 0 ? flat : whole;
}
