import type { Dialect, FactSink, SpanView } from "@custody/model";
import { firstFilled } from "../attributes.ts";
import { toolExecution } from "../conventions/tool-execution.ts";
import { argumentsUnder } from "./arguments.ts";
import { isMcp } from "./detect.ts";
import { mcpExpects } from "./expects.ts";
import { fetched, requested } from "./fetched.ts";
import {
  callCounters,
  convention,
  kinds,
  methodName,
  methods,
  metricNames,
  type Reading,
} from "./fields.ts";
import { mcpProfile } from "./profile.ts";

/** Clients and servers of the Model Context Protocol, by the conventions of their spans. */
export const mcp: Dialect = {
  name: "mcp",
  version: "1",
  profiles: [mcpProfile],
  expects: mcpExpects,
  claims: isMcp,
  normalise(item, sink) {
    switch (item.signal) {
      case "log":
        return "opaque";
      case "metric":
        // The counter of a tool's calls bears the tool's name.
        sink.noise(metricNames.has(item.name) ? item.name : callCounters.trim());
        return "done";
      case "span":
        return span(item, sink);
    }
  },
};

type Read = (item: SpanView, sink: FactSink) => "done" | "opaque";

const readers: Readonly<Record<Reading, Read>> = {
  call: toolCall,
  fetch: fetched,
  request: requested,
  noise: (item, sink) => {
    sink.noise(`method ${item.attributes.text(methodName) ?? ""}`);
    return "done";
  },
};

function span(item: SpanView, sink: FactSink): "done" | "opaque" {
  const method = item.attributes.text(methodName) ?? "";
  const reading = Object.hasOwn(methods, method) ? methods[method] : undefined;
  return reading === undefined || item.spanId === undefined
    ? "opaque"
    : readers[reading](item, sink);
}

/**
 * A call is the client's; the server's span is the other end of it. Neither is the one that is read first, because the agent's own span of
 * the tool, where there is one, says more. The server's parent is the client's span, which travels with the request: `span:` and its id name
 * the same call from both ends, without memory.
 */
function toolCall(item: SpanView, sink: FactSink): "done" | "opaque" {
  const own = firstFilled(item.attributes, convention.words.call);
  const isServer = item.kind === kinds.server;
  const client = isServer ? item.parentSpanId : undefined;
  return toolExecution(item, sink, convention, {
    kind: "mcp",
    arguments: argumentsUnder(item.attributes),
    call: own ?? `span:${client ?? item.spanId ?? ""}`,
    primary: false,
    decides: !isServer,
  });
}
