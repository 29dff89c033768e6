/** JSON inside attributes is hostile text: it is read up to a size, and what is not JSON is undefined. */

/** Characters of one JSON text that are parsed; a longer one is kept as content and not looked into. */
const parsedCharsMax = 1_048_576;

export function parseJson(text: string | undefined): unknown {
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
