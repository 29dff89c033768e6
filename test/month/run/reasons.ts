interface Reason {
  readonly family: string;
  readonly sort: "missed" | "wrong";
  /** What the kind's name begins with; the first that fits is taken. */
  readonly begins: string;
  readonly why: string;
}

/** Looked into by hand, kind by kind. */
const reasons: readonly Reason[] = [];

export function reasonOf(family: string, sort: "missed" | "wrong", name: string): string {
  const known = reasons.find(
    (one) => one.family === family && one.sort === sort && name.startsWith(one.begins),
  );
  return known?.why ?? "not looked into";
}
