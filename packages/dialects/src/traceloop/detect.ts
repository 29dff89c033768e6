import type { AttributeView, SignalView } from "@custody/model";
import { filled, firstFilled } from "../attributes.ts";
import {
  entity,
  names,
  operations,
  requestType,
  sessionProperties,
  spanKind,
  workflow,
} from "./fields.ts";

/** Only OpenLLMetry sets these, in any release and language. */
const own = [spanKind, entity, requestType] as const;

/** Members of the first message, from before messages were one JSON. */
const firstMessages = ["gen_ai.prompt.0.role", "gen_ai.completion.0.role"] as const;

/** Its processor sets these on the spans of others as well: HTTP, databases, other libraries. */
const shared = [workflow, ...sessionProperties] as const;

/** Spans of its own, and of its instrumentations of model clients. The spans of others stay with whoever knows them. */
export function isTraceloop(item: SignalView): boolean {
  if (item.signal !== "span") return false;
  const { attributes, scope } = item;
  return (
    scope.name.startsWith("@traceloop/") ||
    has(attributes, own) ||
    has(attributes, firstMessages) ||
    (operations.has(firstFilled(attributes, names.operation) ?? "") && has(attributes, shared))
  );
}

function has(attributes: AttributeView, list: readonly string[]): boolean {
  return list.some((name) => filled(attributes, name) !== undefined);
}
