/** Reading values of unknown shape. Everything here comes from outside and is believed only as far as its type. */
export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null ? (value as Fields) : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function countOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The JSON of any value, or a word for a value that has none (a cycle, a function). */
export function jsonOf(value: unknown): string {
  try {
    // Its type does not say so, but a function or a symbol has no JSON.
    return (JSON.stringify(value) as string | undefined) ?? String(value);
  } catch {
    return "[not serialisable]";
  }
}

/** Text of a message content: a string, or the text parts of a list; other parts show their type only. */
export function contentText(content: unknown): string | undefined {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return content == null ? undefined : jsonOf(content);
  return content.map(partText).join("");
}

function partText(part: unknown): string {
  const fields = fieldsOf(part);
  if (fields === undefined) return String(part);
  const text = textOf(fields["text"]) ?? textOf(fields["refusal"]);
  return text ?? `[${textOf(fields["type"]) ?? "part"}]`;
}
