import type { SignalView } from "@custody/model";
import { conventionEvents, eventName } from "../conventions/events.ts";
import { convention, metricNames } from "./fields.ts";
import { own } from "./own-fields.ts";

/** Any span or event that speaks the GenAI conventions, by whatever library; spans of our own instrumentation among them. */
export function isGenAi(item: SignalView): boolean {
  if (item.signal === "log") return conventionEvents.has(eventName(item));
  if (item.signal === "metric") return metricNames.has(item.name);
  const { attributes } = item;
  return (
    attributes.text(own.kind) !== undefined ||
    convention.words.operation.some((name) => attributes.text(name) !== undefined)
  );
}
