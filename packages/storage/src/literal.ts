import { isWellFormed, type SqlValue } from "@custody/model";
import { StorageError } from "./errors.ts";

/**
 * The one typed literal encoder of the embedded engine: its bound parameters serialise the whole process (performance 1.1), so values
 * are written into the statement. Values are hostile text. Every literal is a quoted string of printable ASCII and non-ASCII letters
 * only, cast to its type by the engine: quotes, backslashes and control characters never appear raw, so no blank line can end a
 * statement and no quote can end a literal.
 */
export function literal(type: string, value: SqlValue, name: string): string {
  const text = parameterText(type, value, name);
  return type === "String" ? quoted(text) : `CAST(${quoted(text)}, ${quoted(type)})`;
}

/** The value as ClickHouse's text form of its type; the same text a server's bound parameter gets. Refuses what does not fit. */
export function parameterText(type: string, value: SqlValue, name: string): string {
  const form = Object.hasOwn(forms, type) ? forms[type] : undefined;
  const text = form?.(value);
  if (text === undefined) {
    throw new StorageError("STORE_PARAM", `parameter ${name} is not a ${type}`);
  }
  return text;
}

/** A quoted string literal. */
export function quoted(text: string): string {
  if (!isWellFormed(text)) {
    throw new StorageError("STORE_PARAM", "a lone surrogate is not text");
  }
  return `'${escaped(text)}'`;
}

function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be escaped
  return text.replace(/['\\\x00-\x1f\x7f]/g, (char) =>
    char === "'" || char === "\\"
      ? `\\${char}`
      : `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

type Form = (value: SqlValue) => string | undefined;

const text: Form = (value) => (typeof value === "string" ? value : undefined);

/** Decimal text of an integer within `[min, max]`; a number must be safe, longer ones come as bigint or as text. */
function integer(min: bigint, max: bigint): Form {
  return (value) => {
    const digits = typeof value === "string" ? value : integerText(value);
    if (digits === undefined || !/^(0|-?[1-9][0-9]{0,19})$/.test(digits)) {
      return undefined;
    }
    const whole = BigInt(digits);
    return whole >= min && whole <= max ? digits : undefined;
  };
}

function integerText(value: SqlValue): string | undefined {
  return typeof value === "bigint" || Number.isSafeInteger(value) ? String(value) : undefined;
}

/** `YYYY-MM-DD hh:mm:ss.nnnnnnnnn` from our RFC 3339 form; later years than DateTime64(9) can hold are its end. */
const time: Form = (value) => {
  if (
    typeof value !== "string" ||
    !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/.test(value) ||
    Number.isNaN(Date.parse(value))
  ) {
    return undefined;
  }
  const within = value < timeMax ? (value > timeMin ? value : timeMin) : timeMax;
  return `${within.slice(0, 10)} ${within.slice(11, 29)}`;
};

const timeMin = "1970-01-01T00:00:00.000000000Z";
const timeMax = "2262-01-01T00:00:00.000000000Z";

function list(item: Form, wrap: (text: string) => string): Form {
  return (value) => {
    if (!Array.isArray(value)) {
      return undefined;
    }
    const items = (value as readonly (string | number)[]).map((one) => item(one));
    return items.includes(undefined)
      ? undefined
      : `[${items.map((one) => wrap(one ?? "")).join(",")}]`;
  };
}

/** The placeholder types our SQL may use. */
const forms: Readonly<Record<string, Form>> = {
  String: text,
  UInt8: integer(0n, 255n),
  UInt32: integer(0n, 4_294_967_295n),
  UInt64: integer(0n, 18_446_744_073_709_551_615n),
  Int64: integer(-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n),
  Bool: (value) => (typeof value === "boolean" ? String(value) : undefined),
  "DateTime64(9, 'UTC')": time,
  "Array(String)": list(text, (item) => `'${escaped(item)}'`),
  "Array(UInt64)": list(integer(0n, 18_446_744_073_709_551_615n), (item) => item),
};
