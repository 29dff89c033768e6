/** One line of what differs between two documents. */
export interface Difference {
  readonly sign: "+" | "-";
  readonly path: string;
  readonly value: string;
}

/** Members by which an entry of a list is known, so that a rule that moved is no change. */
const identities = ["id", "label", "role", "control", "name", "tier", "digest"] as const;

/** What stands in one document and not in the other, member by member, in order of their paths. */
export function documentDiff(before: unknown, after: unknown): readonly Difference[] {
  const [old, now] = [flat(before), flat(after)];
  const paths = [...new Set([...old.keys(), ...now.keys()])].sort();
  return paths.flatMap((path): readonly Difference[] => {
    const [was, is] = [old.get(path), now.get(path)];
    if (was === is) return [];
    return [
      ...(was === undefined ? [] : [{ sign: "-" as const, path, value: was }]),
      ...(is === undefined ? [] : [{ sign: "+" as const, path, value: is }]),
    ];
  });
}

/** Every member by its path; of a list of plain values the order means nothing. */
function flat(document: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const walk = (value: unknown, path: string): void => {
    const steps = stepsOf(value, path);
    if (steps.length === 0) found.set(path, plainText(value));
    for (const [step, item] of steps) walk(item, `${path}${step}`);
  };
  walk(document, "");
  return found;
}

type Step = readonly [step: string, item: unknown];

/** Nothing for what is shown whole: a plain value, a list of plain values, what is empty. */
function stepsOf(value: unknown, path: string): readonly Step[] {
  if (typeof value !== "object" || value === null) return [];
  if (!Array.isArray(value)) {
    return Object.entries(value).map(([key, item]) => [path === "" ? key : `.${key}`, item]);
  }
  const items = value as readonly unknown[];
  if (items.every((item) => typeof item !== "object" || item === null)) return [];
  // Two waivers of one control are two: the second of a name says so.
  const named = new Map<string, number>();
  return items.map((item, index) => {
    const name = nameOf(item, index);
    const nth = (named.get(name) ?? 0) + 1;
    named.set(name, nth);
    return [nth === 1 ? `[${name}]` : `[${name} (${nth})]`, item];
  });
}

function plainText(value: unknown): string {
  if (!Array.isArray(value)) return JSON.stringify(value);
  return `[${value
    .map((item) => JSON.stringify(item))
    .sort()
    .join(",")}]`;
}

function nameOf(item: unknown, index: number): string {
  const entry = (item ?? {}) as Readonly<Record<string, unknown>>;
  const names = identities.flatMap((key) => (entry[key] === undefined ? [] : [String(entry[key])]));
  return names[0] ?? String(index);
}
