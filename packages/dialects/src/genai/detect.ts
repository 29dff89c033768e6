import type { SignalView } from "@custody/model";
import { names, noiseMetrics } from "./fields.ts";
import { own } from "./own-fields.ts";

/** Any span that speaks the GenAI conventions, by whatever library; spans of our own instrumentation among them. */
export function isGenAi(item: SignalView): boolean {
  if (item.signal === "log") return false;
  if (item.signal === "metric") return noiseMetrics.has(item.name);
  const { attributes } = item;
  return (
    attributes.text(own.kind) !== undefined ||
    names.operation.some((name) => attributes.text(name) !== undefined) ||
    attributes.text("mcp.method.name") !== undefined
  );
}
