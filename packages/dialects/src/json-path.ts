/** JSON inside attributes is hostile text: it is read up to a size, along known paths alone, and what is not there is undefined. */

/** Characters of one JSON text that are parsed; a longer one is kept as content and not looked into. */
const parsedCharsMax = 1_048_576;

/** The value of a JSON text; undefined where it is none, for example because its source cut it. */
export function parsedJson(text: string | undefined): unknown {
  if (text === undefined || text.length > parsedCharsMax) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The JSON text of a value; undefined for what has none, for example because it nests too deep. */
export function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** What stands at the end of a path of members; never one that an object inherits. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const name of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, name)) return undefined;
    here = (here as Readonly<Record<string, unknown>>)[name];
  }
  return here;
}

/** The items of a JSON array; none of what is no array. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const here = at(value, ...path);
  return Array.isArray(here) ? (here as readonly unknown[]) : [];
}

/** A text that is there and not empty. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const here = at(value, ...path);
  return typeof here === "string" && here !== "" ? here : undefined;
}

/**
 * The one JSON text of a call's arguments: events indent them, spans and answers do not, and one program printed them all. What is no JSON
 * stays as it is.
 */
export function compactJson(text: string | undefined): string | undefined {
  const value = parsedJson(text);
  return value === undefined ? text : (jsonText(value) ?? text);
}
