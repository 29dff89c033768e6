import { type Body, canonicalText } from "@custody/model";

/** What confines: the members that a digest is made of. What differs from one start to the next, such as addresses, is none of it. */
const confining = [
  "profile",
  "mode",
  "backend",
  "network",
  "user",
  "read_only_root",
  "writable_roots",
  "seccomp",
  "apparmor",
  "privileged",
  "capabilities",
  "mounts",
  "runtime_socket",
  "escapes_allowed",
] as const satisfies readonly (keyof Body<"sandbox">)[];

/**
 * The canonical text whose SHA-256 stands for a configuration that its runtime gives no digest of; lists are sorted, their order confines nothing.
 * Undefined where the record says nothing that confines: an event that something began is no configuration.
 */
export function confinementText(body: Body<"sandbox">): string | undefined {
  if (body.event !== "start" && body.event !== "change") return undefined;
  const said = confining.flatMap((name): readonly (readonly [string, unknown])[] => {
    const value = body[name];
    if (value === undefined) return [];
    return [[name, Array.isArray(value) ? [...(value as readonly string[])].sort() : value]];
  });
  const isWhole = body.mode !== undefined || body.privileged !== undefined;
  return isWhole ? canonicalText(Object.fromEntries(said)) : undefined;
}
