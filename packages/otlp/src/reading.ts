import { type AnyValue, plainValue } from "@custody/model";

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
      return JSON.stringify(plainValue(value));
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
