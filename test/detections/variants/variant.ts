import type { ToolKind } from "@custody/model";

export const families = ["destructive", "secret", "egress", "package", "config"] as const;
export type Family = (typeof families)[number];

/** One call as an agent tells it. */
export interface Step {
  readonly tool: string;
  readonly kind: ToolKind;
  readonly text: string;
}

/** One way to do what the family names; of a look-alike, what it must not be taken for. */
export interface Variant {
  readonly family: Family;
  readonly name: string;
  /** The last one is the act; those before it, of the same session, make it ready. */
  readonly steps: readonly Step[];
}

export function shell(command: string): Step {
  return tool("Bash", "exec", { command });
}

export function tool(name: string, kind: ToolKind, args: object): Step {
  return { tool: name, kind, text: JSON.stringify(args) };
}

export function base64(text: string): string {
  return btoa(text);
}

/** By name; a text is a command of a shell. */
export function variantsOf(
  family: Family,
  table: Readonly<Record<string, string | readonly Step[]>>,
): readonly Variant[] {
  return Object.entries(table).map(([name, act]) => ({
    family,
    name,
    steps: typeof act === "string" ? [shell(act)] : act,
  }));
}
