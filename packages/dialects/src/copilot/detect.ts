import type { SignalView } from "@custody/model";
import { eventPrefix, marks, scopes, services } from "./fields.ts";

/** Copilot CLI or Copilot Chat, under the names it goes by, or by attributes that nobody else writes. */
export function isCopilot(item: SignalView): boolean {
  const service = item.resource.text("service.name");
  if (service !== undefined && services.has(service)) return true;
  if (scopes.has(item.scope.name)) return true;
  if (item.signal === "metric") return item.name.startsWith(eventPrefix);
  if (item.signal === "log")
    return item.attributes.text("event.name")?.startsWith(eventPrefix) === true;
  return isMarked(item, marks.cli) || isMarked(item, marks.chat);
}

/** The extension of VS Code, as far as an item shows it; everything else of Copilot is its CLI. */
export function isCopilotChat(item: SignalView): boolean {
  const service = item.resource.text("service.name");
  if (service !== undefined && services.has(service)) return service === "copilot-chat";
  return item.scope.name === "copilot-chat" || item.signal === "log" || isMarked(item, marks.chat);
}

function isMarked({ attributes }: SignalView, names: readonly string[]): boolean {
  return names.some((name) => attributes.value(name) !== undefined);
}
