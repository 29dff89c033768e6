import { fieldsOf } from "./shape.ts";

/**
 * A name for an error: its HTTP status where it has one, as the GenAI convention asks, else its
 * class. Never its message: a provider quotes the request in it.
 */
export function errorTypeOf(reason: unknown): string {
  const status = fieldsOf(reason)?.["status"];
  if (typeof status === "number") return String(status);
  if (reason instanceof Error) return reason.constructor.name || reason.name;
  return "error";
}
