import type { RecordClass } from "@custody/model";
import type { z } from "zod";
import type { Story } from "./story.ts";

/** One place where a condition holds: under which of its cases, and the records that show it. */
export interface Hit<C extends string = string> {
  readonly case: C;
  /** When the thing happened that should not have. */
  readonly at: string;
  readonly call?: string;
  /** Ids of the records without which it would not hold. */
  readonly refs: readonly string[];
  /** Concluded because something is absent. */
  readonly inferred?: true;
}

interface Spec<P, C extends string> {
  /** The names under which it holds; a rule gives each a severity. */
  readonly cases: readonly C[];
  /** Record classes without which it can never hold: a rule's silence means nothing where they are absent. */
  readonly inputs: readonly RecordClass[];
  readonly parameters: z.ZodType<P>;
  /** Pure, and linear in the records but for a factor that a limit bounds. */
  readonly find: (story: Story, parameters: P) => readonly Hit<C>[];
}

/** Parameters that were checked, and with them what to look for. */
export type Bound =
  | { readonly outcome: "ok"; readonly find: (story: Story) => readonly Hit[] }
  | { readonly outcome: "invalid"; readonly problem: string };

export interface Condition {
  readonly cases: readonly string[];
  readonly inputs: readonly RecordClass[];
  bind(parameters: unknown): Bound;
}

export function condition<P, C extends string>(spec: Spec<P, C>): Condition {
  const { cases, inputs, parameters, find } = spec;
  return {
    cases,
    inputs,
    bind(given): Bound {
      const checked = parameters.safeParse(given);
      if (checked.success) return { outcome: "ok", find: (story) => find(story, checked.data) };
      const [first] = checked.error.issues;
      return { outcome: "invalid", problem: `${first?.path.join(".")}: ${first?.message}` };
    },
  };
}
