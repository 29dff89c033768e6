import type { SignalView } from "@custody/model";
import { marks, service } from "./fields.ts";

/**
 * opencode, by the name of its service, which is its scope too, or by its own resource attributes. Spans of the GenAI conventions are left to
 * them: a release that exports those speaks no words of its own there.
 */
export function isOpencode(item: SignalView): boolean {
  const { resource, scope } = item;
  const isOwn =
    scope.name === service ||
    resource.text("service.name") === service ||
    marks.some((name) => resource.value(name) !== undefined);
  return isOwn && item.attributes.value("gen_ai.operation.name") === undefined;
}
