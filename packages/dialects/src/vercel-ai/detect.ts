import type { SignalView } from "@custody/model";
import { tracer } from "./fields.ts";

/** The AI SDK puts its operation on every span up to version 6, under whatever tracer it was given; version 7 names its own (agent-telemetry 11.3). */
export function isVercelAi(item: SignalView): boolean {
  if (item.signal !== "span") return false;
  return (
    item.attributes.text("ai.operationId") !== undefined ||
    (item.scope.name === tracer && item.attributes.text("gen_ai.operation.name") !== undefined)
  );
}
