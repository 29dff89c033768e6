import type { SignalView } from "@custody/model";
import { metricPrefix, scope, spanType } from "./fields.ts";

/** Mastra's exporter names its scope and puts its own kind on every span (agent-telemetry 0.1; package `@mastra/otel-exporter` 1.4.0). */
export function isMastra(item: SignalView): boolean {
  if (item.scope.name === scope) return true;
  if (item.signal === "span") return item.attributes.text(spanType) !== undefined;
  return item.signal === "metric" && item.name.startsWith(metricPrefix);
}
