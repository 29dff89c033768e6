import type { AnyValue } from "@custody/model";

/** Text of a log record's body: a list or an object as JSON. Recursion is bounded by `anyValueDepthMax`, which the decoder holds. */
export function anyText(value: AnyValue | undefined): string | undefined {
  if (value === undefined || value.type === "empty") return undefined;
  const plain = plainOf(value);
  const text = typeof plain === "string" ? plain : JSON.stringify(plain);
  return text === "" ? undefined : text;
}

function plainOf(value: AnyValue): unknown {
  switch (value.type) {
    case "array":
      return value.value.map(plainOf);
    case "kvlist": {
      const out: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
      for (const [name, item] of Object.entries(value.value)) out[name] = plainOf(item);
      return out;
    }
    case "double":
      return Number.isFinite(value.value) ? value.value : String(value.value);
    case "empty":
      return null;
    case "string":
    case "bool":
    case "int":
    case "bytes":
      return value.value;
  }
}
