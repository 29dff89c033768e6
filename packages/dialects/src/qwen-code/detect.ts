import type { SignalView } from "@custody/model";
import { common, eventPrefix, scopeName } from "./fields.ts";

/**
 * Qwen Code names its scope and its service alike, and its HTTP client reports under the service too. An event or metric that came through
 * a forwarder without scopes is known by its prefix.
 */
export function isQwenCode(item: SignalView): boolean {
  if (item.scope.name === scopeName || item.resource.text("service.name") === scopeName)
    return true;
  const name = item.signal === "metric" ? item.name : item.signal === "log" ? eventOf(item) : "";
  return name.startsWith(eventPrefix);
}

/** An event's name, as it was sent. */
export function eventOf(item: Extract<SignalView, { readonly signal: "log" }>): string {
  return item.attributes.text(common.event) || item.eventName;
}
