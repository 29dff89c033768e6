import type { SignalView } from "@custody/model";
import { metricScope, scopePrefix } from "./fields.ts";

/** Claude Code names its scopes whatever its operator names the service (agent-telemetry 2.2). */
export function isClaudeCode(item: SignalView): boolean {
  const scope = item.scope.name;
  return scope.startsWith(scopePrefix) || scope === metricScope;
}
