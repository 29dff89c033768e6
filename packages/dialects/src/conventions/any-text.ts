import { type AnyValue, plainValue } from "@custody/model";

/** Text of a log record's body: a list or an object as JSON. Recursion is bounded by `anyValueDepthMax`, which the decoder holds. */
export function anyText(value: AnyValue | undefined): string | undefined {
  if (value === undefined || value.type === "empty") return undefined;
  const plain = plainValue(value);
  const text = typeof plain === "string" ? plain : JSON.stringify(plain);
  return text === "" ? undefined : text;
}
