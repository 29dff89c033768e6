import type { FactSink, LogView } from "@custody/model";
import { everything, filled, firstFilled } from "../attributes.ts";
import { contents } from "../content.ts";
import { present } from "../present.ts";
import { logEnvelope } from "./envelope.ts";
import { logEventNames } from "./event-names.ts";
import { names } from "./fields.ts";
import { inferenceDetails } from "./inference-facts.ts";

/** Log records, which VS Code alone sends, named by `event.name`. One of another name is left to opaque. */
export function logEvent(item: LogView, sink: FactSink): "done" | "opaque" {
  const name = item.attributes.text("event.name") ?? item.eventName;
  switch (Object.hasOwn(logEventNames, name) ? logEventNames[name] : undefined) {
    case "inference":
      return inferenceDetails(item, sink);
    case "start":
      return about(item, name, "start", sink);
    case "seen":
      return about(item, name, "seen", sink);
    default:
      return "opaque";
  }
}

/** Something of the session, with everything that was said of it. No record of these names a call, so none is tied to one. */
function about(item: LogView, name: string, event: "start" | "seen", sink: FactSink): "done" {
  const { attributes } = item;
  const envelope = logEnvelope(item);
  const said = everything(attributes);
  sink.fact({
    class: "session",
    // The same event may be told twice within a millisecond: what it says tells one from the other.
    key: ["log", name, item.traceId ?? "", item.spanId ?? "", envelope.ts ?? "", said ?? ""],
    ...envelope,
    attrs: {
      ...envelope.attrs,
      event: name,
      ...present({
        "gen_ai.agent.name": firstFilled(attributes, names.agentName),
        "gen_ai.tool.name": firstFilled(attributes, names.tool),
        outcome: filled(attributes, "outcome"),
        success: filled(attributes, "success"),
        "error.type": firstFilled(attributes, names.errorType),
      }),
    },
    body: { event },
    ...contents({ attributes: said }),
  });
  return "done";
}
