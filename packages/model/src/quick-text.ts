/**
 * The canonical text of a value that is plainly in the profile, in about half the time: no second object is built. Undefined for
 * anything unusual, which the full walk then judges, and names by its path.
 */
export function quickText(value: unknown): string | undefined {
  return textOf(value, depthMax);
}

/** Well below the profile's own limit, and far above what records have. */
const depthMax = 24;

/** Keys repeat from record to record. Hostile keys are read each time once the table is full. */
const keyTexts = new Map<string, string>();
const keyTextsMax = 4_096;
const keyCharsMax = 128;

/** ES2024: every supported Node has it. Without it nothing is quick, and everything is the same. */
const wellFormed: unknown = Reflect.get(String.prototype, "isWellFormed");

function textOf(value: unknown, depth: number): string | undefined {
  switch (typeof value) {
    case "string":
      return typeof wellFormed === "function" && wellFormed.call(value) === true
        ? JSON.stringify(value)
        : undefined;
    case "number":
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : undefined;
    case "boolean":
      return String(value);
    case "object":
      if (value === null) return "null";
      if (depth === 0) return undefined;
      return Array.isArray(value) ? listText(value, depth - 1) : objectText(value, depth - 1);
    default:
      return undefined;
  }
}

function listText(list: readonly unknown[], depth: number): string | undefined {
  let text = "[";
  for (const item of list) {
    const part = textOf(item, depth);
    if (part === undefined) return undefined;
    text += text === "[" ? part : `,${part}`;
  }
  return `${text}]`;
}

function objectText(value: object, depth: number): string | undefined {
  let text = "{";
  for (const key of sortedKeys(value)) {
    const member: unknown = (value as Readonly<Record<string, unknown>>)[key];
    if (member === undefined) continue;
    const name = keyText(key);
    const part = name === undefined ? undefined : textOf(member, depth);
    if (part === undefined) return undefined;
    text += text === "{" ? `${name}${part}` : `,${name}${part}`;
  }
  return `${text}}`;
}

/** Most objects are built in order: looking costs a fraction of sorting. */
function sortedKeys(value: object): string[] {
  const keys = Object.keys(value);
  for (let i = 1; i < keys.length; i++) {
    if ((keys[i - 1] ?? "") > (keys[i] ?? "")) return keys.sort();
  }
  return keys;
}

function keyText(key: string): string | undefined {
  const known = keyTexts.get(key);
  if (known !== undefined) return known;
  if (!/^[\x21-\x7e]+$/.test(key) || /^[0-9]+$/.test(key)) return undefined;
  const text = `${JSON.stringify(key)}:`;
  if (keyTexts.size < keyTextsMax && key.length <= keyCharsMax) keyTexts.set(key, text);
  return text;
}
