import { utf8Decode } from "@custody/proof";
import { VerifyError } from "./errors.ts";
import { limits } from "./limits.ts";

/** One JSON object of a hostile file, read member by member; what is missing or of another type throws SHAPE with its path. */
export interface Shape {
  readonly path: string;
  text(key: string): string;
  optionalText(key: string): string | undefined;
  /** A count, index or size: a whole number from 0. */
  count(key: string): number;
  optionalCount(key: string): number | undefined;
  flag(key: string): boolean;
  /** Lower-case hex of a SHA-256. */
  digest(key: string): string;
  object(key: string): Shape;
  optionalObject(key: string): Shape | undefined;
  objects(key: string): readonly Shape[];
  texts(key: string): readonly string[];
  value(key: string): unknown;
  keys(): readonly string[];
}

const digestShape = /^[0-9a-f]{64}$/;

export function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length > limits.textFileBytesMax) {
    throw new VerifyError("JSON_FORMAT", `${bytes.length} bytes exceed ${limits.textFileBytesMax}`);
  }
  try {
    return JSON.parse(utf8Decode(bytes));
  } catch (cause) {
    throw new VerifyError("JSON_FORMAT", "not JSON in UTF-8", { cause });
  }
}

export function shapeOf(value: unknown, path = "$"): Shape {
  if (!isRecord(value)) throw new VerifyError("SHAPE", `${path} is not an object`);
  // Own members only: a hostile name such as "constructor" must read as absent.
  const member = (key: string): unknown => (Object.hasOwn(value, key) ? value[key] : undefined);
  const fail = (key: string, wanted: string): never => {
    throw new VerifyError("SHAPE", `${path}.${key} is not ${wanted}`);
  };
  const optional = <T>(key: string, read: (key: string) => T): T | undefined =>
    member(key) === undefined ? undefined : read(key);
  const text = (key: string): string => {
    const found = member(key);
    return typeof found === "string" ? found : fail(key, "a string");
  };
  const count = (key: string): number => {
    const found = member(key);
    const fits = typeof found === "number" && Number.isSafeInteger(found) && found >= 0;
    return fits ? found : fail(key, "a whole number from 0");
  };
  const list = (key: string): readonly unknown[] => {
    const found = member(key);
    return Array.isArray(found) ? found : fail(key, "a list");
  };
  const object = (key: string): Shape => shapeOf(member(key), `${path}.${key}`);

  return {
    path,
    text,
    count,
    object,
    optionalText: (key) => optional(key, text),
    optionalCount: (key) => optional(key, count),
    optionalObject: (key) => optional(key, object),
    flag(key) {
      const found = member(key);
      return typeof found === "boolean" ? found : fail(key, "true or false");
    },
    digest(key) {
      const found = text(key);
      return digestShape.test(found) ? found : fail(key, "a SHA-256 in lower-case hex");
    },
    objects: (key) => list(key).map((item, i) => shapeOf(item, `${path}.${key}[${i}]`)),
    texts: (key) =>
      list(key).map((item, i) =>
        typeof item === "string" ? item : fail(`${key}[${i}]`, "a string"),
      ),
    value: member,
    keys: () => Object.keys(value),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
