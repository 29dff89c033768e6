import type { Dialect, FactSink, SpanView } from "@custody/model";
import { firstFilled } from "../attributes.ts";
import { permission } from "./approval-facts.ts";
import { isCopilot } from "./detect.ts";
import { copilotExpects } from "./expects.ts";
import { names, notificationSpan, operations, permissionSpan, type Reading } from "./fields.ts";
import { hook, spanSeen } from "./hook-facts.ts";
import { inference } from "./inference-facts.ts";
import { logEvent } from "./log-events.ts";
import { metricNames } from "./metric-names.ts";
import { copilotChatProfile, copilotProfile } from "./profile.ts";
import { run } from "./run-facts.ts";
import { tallies } from "./tallies.ts";
import { toolCall } from "./tool-facts.ts";

/** GitHub Copilot: its CLI, which sends spans and metrics alone, and Copilot Chat in VS Code, which sends log records beside them. */
export const copilot: Dialect = {
  name: "copilot",
  version: "1",
  tallies,
  profiles: [copilotProfile, copilotChatProfile],
  expects: copilotExpects,
  claims: isCopilot,
  normalise(item, sink) {
    switch (item.signal) {
      case "log":
        return logEvent(item, sink);
      case "metric":
        if (!metricNames.has(item.name)) return "opaque";
        sink.noise(item.name);
        return "done";
      case "span":
        return span(item, sink);
    }
  },
};

type Read = (item: SpanView, sink: FactSink) => "done" | "opaque";

const readers: Readonly<Record<Reading, Read>> = {
  inference: (item, sink) => inference(item, sink, undefined),
  embeddings: (item, sink) => inference(item, sink, "embeddings"),
  tool: toolCall,
  run,
  hook,
  seen: spanSeen,
  noise: (item, sink) => {
    sink.noise(`operation ${firstFilled(item.attributes, names.operation) ?? ""}`);
    return "done";
  },
};

function span(item: SpanView, sink: FactSink): "done" | "opaque" {
  if (item.spanId === undefined) return "opaque";
  const operation = firstFilled(item.attributes, names.operation);
  if (operation === undefined) {
    if (item.name === notificationSpan) return spanSeen(item, sink);
    const isPermission =
      item.name === permissionSpan || firstFilled(item.attributes, names.permission) !== undefined;
    return isPermission ? permission(item, sink) : "opaque";
  }
  const reading = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  return reading === undefined ? "opaque" : readers[reading](item, sink);
}
