import { ModelError } from "./errors.ts";
import { limits } from "./limits.ts";
import { quickText } from "./quick-text.ts";

/** A value of the JCS-int profile: RFC 8785 restricted to integers and printable ASCII keys (compliance 6.2). */
export type Canonical =
  | null
  | boolean
  | number
  | string
  | readonly Canonical[]
  | { readonly [key: string]: Canonical };

const keyPattern = /^[\x21-\x7e]+$/;
const depthMax = 64;

/**
 * The canonical text of a value: keys sorted, no white space, integers only. Members that are `undefined` are absent.
 * Throws `ModelError` with the reason and the path, never the value, where the profile has no form for it.
 */
export function canonicalText(value: unknown): string {
  return quickText(value) ?? JSON.stringify(ordered(value, "", 0));
}

/** Rebuilds `value` with sorted keys so that `JSON.stringify` is the canonicaliser. */
function ordered(value: unknown, path: string, depth: number): Canonical {
  if (depth > depthMax) {
    throw new ModelError("CANONICAL_DEPTH", `${path || "value"} nests deeper than ${depthMax}`);
  }
  if (value === null || typeof value === "boolean") {
    return value;
  }
  if (typeof value === "number") {
    return integer(value, path);
  }
  if (typeof value === "string") {
    return wellFormed(value, path);
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => ordered(item, `${path}[${index}]`, depth + 1));
  }
  if (typeof value === "object") {
    return orderedObject(value as Record<string, unknown>, path, depth);
  }
  throw new ModelError("CANONICAL_TYPE", `${path || "value"} is a ${typeof value}`);
}

function orderedObject(value: Record<string, unknown>, path: string, depth: number): Canonical {
  // A null prototype keeps a hostile "__proto__" key an ordinary key.
  const out = Object.create(null) as Record<string, Canonical>;
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member === undefined) {
      continue;
    }
    if (!keyPattern.test(key)) {
      throw new ModelError(
        "CANONICAL_KEY",
        `a key under ${path || "the value"} is not printable ASCII`,
      );
    }
    // Integer-like keys would be moved to the front by the engine, out of canonical order.
    if (/^(0|[1-9][0-9]*)$/.test(key)) {
      throw new ModelError("CANONICAL_KEY", `a key under ${path || "the value"} is a bare number`);
    }
    out[key] = ordered(member, `${path}.${key}`, depth + 1);
  }
  return out;
}

function integer(value: number, path: string): number {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
    throw new ModelError("CANONICAL_NUMBER", `${path || "value"} is not a safe integer`);
  }
  return value;
}

function wellFormed(value: string, path: string): string {
  if (!isWellFormed(value)) {
    throw new ModelError("CANONICAL_STRING", `${path || "value"} has a lone surrogate`);
  }
  return value;
}

const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/** ES2024: every supported Node has it, and a string of one byte a unit costs it nothing. */
const native: unknown = Reflect.get(String.prototype, "isWellFormed");

export function isWellFormed(text: string): boolean {
  return typeof native === "function" ? native.call(text) === true : !loneSurrogate.test(text);
}

/** Replaces lone surrogates by U+FFFD, as a receiver of hostile text must before it can be hashed. */
export function toWellFormed(text: string): string {
  return isWellFormed(text) ? text : text.replace(new RegExp(loneSurrogate.source, "g"), "\uFFFD");
}

const encoder = new TextEncoder();

/** Canonical bytes of a record; refuses what is longer than an entry may be. */
export function canonicalBytes(value: unknown): Uint8Array {
  const bytes = encoder.encode(canonicalText(value));
  if (bytes.length > limits.recordBytesMax) {
    throw new ModelError(
      "RECORD_BYTES",
      `${bytes.length} canonical bytes exceed ${limits.recordBytesMax}`,
    );
  }
  return bytes;
}
