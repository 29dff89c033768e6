import type { AnyValue } from "./view.ts";

/** The value as plain JSON: what a reader of the source would have written, not OTLP's tagged form. Recursion is bounded by `anyValueDepthMax`. */
export function plainValue(value: AnyValue): unknown {
  switch (value.type) {
    case "array":
      return value.value.map(plainValue);
    case "kvlist": {
      const out: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
      for (const [key, item] of Object.entries(value.value)) out[key] = plainValue(item);
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
