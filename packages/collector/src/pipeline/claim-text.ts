/**
 * The text a claim is a digest of: JSON with the members of every object in the order of their names. Unlike the canonical form it takes
 * any number, since a fact may hold doubles in places the canonical form refuses, and a claim must not fail for that.
 */
export function claimText(value: unknown): string {
  return JSON.stringify(ordered(value));
}

function ordered(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Array.isArray(value) ? value.map(ordered) : orderedObject(value as Readonly<Members>);
}

type Members = Record<string, unknown>;

function orderedObject(value: Readonly<Members>): Members {
  const out: Members = {};
  for (const name of Object.keys(value).sort()) {
    const member = value[name];
    // Absent either way; left out here, it costs nothing further on.
    if (member === undefined) continue;
    if (name === "__proto__") define(out, name, ordered(member));
    else out[name] = ordered(member);
  }
  return out;
}

/** Assigned, a hostile name would set the prototype. */
function define(out: Members, name: string, value: unknown): void {
  Object.defineProperty(out, name, { value, enumerable: true, configurable: true });
}
