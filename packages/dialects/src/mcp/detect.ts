import type { SignalView } from "@custody/model";
import { callCounters, kinds, methodName, metricNames } from "./fields.ts";

/**
 * Spans of an MCP client or server. A span inside a process that executes a tool and carries MCP attributes beside is the tool's, as the
 * conventions want it, and is read with its operation (agent-telemetry 10.3).
 */
export function isMcp(item: SignalView): boolean {
  if (item.signal === "metric") {
    return metricNames.has(item.name) || item.name.startsWith(callCounters);
  }
  if (item.signal !== "span" || item.attributes.text(methodName) === undefined) return false;
  return (
    item.kind === kinds.client ||
    item.kind === kinds.server ||
    item.attributes.text("gen_ai.operation.name") === undefined
  );
}
