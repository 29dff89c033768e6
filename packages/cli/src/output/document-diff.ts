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

function flat(document: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const walk = (value: unknown, path: string): void => {
    if (Array.isArray(value) && value.every((item) => typeof item !== "object")) {
      found.set(path, JSON.stringify((value as readonly unknown[]).map(String).sort()));
      return;
    }
    if (typeof value !== "object" || value === null) {
      found.set(path, JSON.stringify(value));
      return;
    }
    const entries = Array.isArray(value)
      ? value.map((item: unknown, index) => [`[${nameOf(item, index)}]`, item] as const)
      : Object.entries(value).map(([key, item]) => [path === "" ? key : `.${key}`, item] as const);
    for (const [step, item] of entries) walk(item, `${path}${step}`);
  };
  walk(document, "");
  return found;
}

function nameOf(item: unknown, index: number): string {
  const entry = item as Readonly<Record<string, unknown>>;
  const names = identities.flatMap((key) => (entry[key] === undefined ? [] : [String(entry[key])]));
  return names[0] ?? String(index);
}
