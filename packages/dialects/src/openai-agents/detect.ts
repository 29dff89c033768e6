import type { SignalView } from "@custody/model";
import { scope } from "./fields.ts";

/** Objects of the SDK's own export, by the door they came through. */
export function isOpenAiAgents(item: SignalView): boolean {
  return item.signal === "span" && item.scope.name === scope;
}
