import type { AnyValue } from "@custody/model";

/**
 * The one coercion layer of both encodings. Agents send counts as strings, truth as text and whole numbers as doubles, so what an
 * attribute means is asked for by the reader and not taken from how it was sent.
 */

export function textOf(value: AnyValue | undefined): string | undefined {
  switch (value?.type) {
    case "string":
      return value.value;
    case "bool":
    case "int":
    case "double":
      return String(value.value);
    case "array":
    case "kvlist":
      return JSON.stringify(plainOf(value));
    default:
      return undefined;
  }
}

const wholeText = /^-?\d{1,32}(\.0{1,32})?$/;
const numberText = /^-?\d{1,64}(\.\d{1,64})?([eE][+-]?\d{1,3})?$/;

export function integerOf(value: AnyValue | undefined): number | undefined {
  switch (value?.type) {
    case "int":
      return typeof value.value === "number" ? value.value : undefined;
    case "double":
      return safe(value.value);
    case "string":
      return wholeText.test(value.value) ? safe(Number(value.value)) : undefined;
    default:
      return undefined;
  }
}

/** Minus zero becomes zero: no canonical form holds the former. */
function safe(value: number): number | undefined {
  return Number.isSafeInteger(value) ? value + 0 : undefined;
}

export function numberOf(value: AnyValue | undefined): number | undefined {
  switch (value?.type) {
    case "int":
      return Number(value.value);
    case "double":
      return Number.isFinite(value.value) ? value.value : undefined;
    case "string": {
      const number = numberText.test(value.value) ? Number(value.value) : Number.NaN;
      return Number.isFinite(number) ? number : undefined;
    }
    default:
      return undefined;
  }
}

export function booleanOf(value: AnyValue | undefined): boolean | undefined {
  if (value?.type === "bool") return value.value;
  if (value?.type !== "string") return undefined;
  return value.value === "true" ? true : value.value === "false" ? false : undefined;
}

/** The value as plain JSON: what a reader of the source would have written, not OTLP's tagged form. Recursion is bounded by `anyValueDepthMax`. */
function plainOf(value: AnyValue): unknown {
  switch (value.type) {
    case "array":
      return value.value.map(plainOf);
    case "kvlist": {
      const out: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
      for (const [key, item] of Object.entries(value.value)) out[key] = plainOf(item);
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
