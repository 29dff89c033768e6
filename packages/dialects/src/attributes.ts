import type { AttributeView, SignalView } from "@custody/model";

/** Text of an attribute, where an empty one means the source had nothing to say. */
export function filled(view: AttributeView, name: string): string | undefined {
  const text = view.text(name);
  return text === "" ? undefined : text;
}

/** A count or duration as the canonical form wants it: a whole number that is not negative. */
export function whole(view: AttributeView, name: string): number | undefined {
  const value = view.number(name);
  if (value === undefined || value < 0 || value > Number.MAX_SAFE_INTEGER) return undefined;
  return Math.round(value);
}

/** Attributes of a table that are there, as text under the same names. Undefined where there is none. */
export function listed(
  view: AttributeView,
  names: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const found: Record<string, string> = {};
  let any = false;
  for (const name of names) {
    const text = filled(view, name);
    if (text === undefined) continue;
    found[name] = text;
    any = true;
  }
  return any ? found : undefined;
}

const noPrefixes: readonly string[] = [];

/**
 * JSON of the attributes that no table knows: kept as content, so that nothing a newer version of a source says is lost (design 4).
 * Copies of the resource's own attributes are left out. `under`: prefixes of lists that were read as a whole.
 */
export function unlisted(
  item: SignalView,
  known: ReadonlySet<string>,
  under: readonly string[] = noPrefixes,
): string | undefined {
  const found: Record<string, string> = Object.create(null) as Record<string, string>;
  let any = false;
  for (const name of item.attributes.names()) {
    if (known.has(name) || startsWithAny(name, under)) continue;
    const text = item.attributes.text(name);
    if (text === undefined || text === item.resource.text(name)) continue;
    found[name] = text;
    any = true;
  }
  return any ? JSON.stringify(found, Object.keys(found).sort()) : undefined;
}

function startsWithAny(name: string, prefixes: readonly string[]): boolean {
  for (const prefix of prefixes) {
    if (name.startsWith(prefix)) return true;
  }
  return false;
}

/** JSON of all attributes of a view. Undefined where it has none. */
export function everything(view: AttributeView): string | undefined {
  const found: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const name of view.names()) found[name] = view.text(name) ?? "";
  const names = Object.keys(found).sort();
  return names.length === 0 ? undefined : JSON.stringify(found, names);
}

/** The first of several names of one thing that is filled: newest name first, older ones after it. */
export function firstFilled(view: AttributeView, names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = filled(view, name);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The same for counts. */
export function firstWhole(view: AttributeView, names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = whole(view, name);
    if (value !== undefined) return value;
  }
  return undefined;
}
