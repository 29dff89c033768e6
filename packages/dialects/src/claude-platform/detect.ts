import type { SignalView } from "@custody/model";
import { scopes } from "./fields.ts";

/** The Claude SDK and the Claude API name their scopes, whatever the application names its service. */
export function isClaudePlatform(item: SignalView): boolean {
  return (
    item.signal === "span" &&
    (item.scope.name.startsWith(scopes.sdk) || item.scope.name === scopes.api)
  );
}
