import type { Dialect, FactSink, SpanView } from "@custody/model";
import { firstFilled } from "../attributes.ts";
import { inference } from "../conventions/inference.ts";
import { readings } from "../conventions/readings.ts";
import { isVercelAi } from "./detect.ts";
import { vercelAiExpects } from "./expects.ts";
import { convention, operations, providerMetadata } from "./fields.ts";
import { vercelAiProfile } from "./profile.ts";
import { providerTokens } from "./provider-tokens.ts";
import { verdictFacts } from "./verdict-facts.ts";

/** Applications on the Vercel AI SDK: its own names up to version 6, the GenAI conventions under a tracer of its own in version 7. */
export const vercelAi: Dialect = {
  name: "vercel-ai",
  version: "1",
  profiles: [vercelAiProfile],
  expects: vercelAiExpects,
  claims: isVercelAi,
  normalise(item, sink) {
    return item.signal === "span" ? span(item, sink) : "opaque";
  },
};

function span(item: SpanView, sink: FactSink): "done" | "opaque" {
  const operation = firstFilled(item.attributes, convention.words.operation);
  if (operation === undefined || item.spanId === undefined) return "opaque";
  const reading = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  switch (reading) {
    case undefined:
      return "opaque";
    case "inference":
      verdictFacts(item, sink);
      return inference(item, sink, convention, {
        tokens: providerTokens(item.attributes.text(providerMetadata)),
      });
    case "turn":
      verdictFacts(item, sink);
      return readings.turn(item, sink, convention, operation);
    case "side":
    case "tool":
    case "noise":
      return readings[reading](item, sink, convention, operation);
  }
}
