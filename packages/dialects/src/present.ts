/** `T` with every member that may be undefined made optional instead. */
export type Present<T> = {
  readonly [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  readonly [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Leaves out members that are undefined: what a source did not say is absent, never a default (design 3, invariant 7). */
export function present<T extends object>(value: T): Present<T> {
  const kept: Record<string, unknown> = {};
  const members = value as Record<string, unknown>;
  // No arrays of entries: this runs for every fact.
  for (const name in members) {
    if (members[name] !== undefined) kept[name] = members[name];
  }
  return kept as Present<T>;
}
