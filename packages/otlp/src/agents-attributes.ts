import type { PlainMessage } from "./plain.ts";

/** Objects within objects that become paths; below that, and in lists, JSON text stands. */
const pathDepthMax = 4;

type Scalar = string | number | boolean;

/** The members of an object as settled OTLP attributes: `{"a":{"b":1}}` is `a.b`. `null` is absence. */
export function jsonAttributes(value: Readonly<Record<string, unknown>>): readonly PlainMessage[] {
  const out: PlainMessage[] = [];
  walk(value, "", 1, out);
  return out;
}

function walk(
  value: Readonly<Record<string, unknown>>,
  prefix: string,
  depth: number,
  out: PlainMessage[],
): void {
  for (const name of Object.keys(value)) {
    const member = value[name];
    const path = `${prefix}${name}`;
    if (member === null || member === undefined) continue;
    if (isScalar(member)) out.push({ key: path, value: scalarValue(member) });
    else if (depth < pathDepthMax && !Array.isArray(member)) {
      walk(member as Readonly<Record<string, unknown>>, `${path}.`, depth + 1, out);
    } else out.push({ key: path, value: { stringValue: JSON.stringify(member) } });
  }
}

function isScalar(value: unknown): value is Scalar {
  return typeof value !== "object";
}

function scalarValue(value: Scalar): PlainMessage {
  switch (typeof value) {
    case "boolean":
      return { boolValue: value };
    case "number":
      return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
    default:
      return { stringValue: String(value) };
  }
}
