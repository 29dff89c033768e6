import type { SignalView } from "@custody/model";
import { eventName } from "./fields.ts";

/**
 * Codex names its log scopes `codex_otel…`, its span scope after its `service.name` (`codex_exec`, `codex-app-server`, `codex_cli_rs`)
 * and its metric scope `codex` (agent-telemetry 1.2). A log that came through a scope-less forwarder is known by its event name.
 */
export function isCodex(item: SignalView): boolean {
  const scope = item.scope.name;
  switch (item.signal) {
    case "log":
      return (
        scope.startsWith("codex_otel") ||
        (item.attributes.text(eventName)?.startsWith("codex.") ?? false)
      );
    case "span":
      return scope.startsWith("codex") && scope === item.resource.text("service.name");
    case "metric":
      return scope === "codex" && item.name.startsWith("codex.");
  }
}
