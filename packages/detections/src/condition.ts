import type { RecordClass } from "@custody/model";
import type { z } from "zod";
import type { Day } from "./day.ts";
import type { Story } from "./story.ts";

/** What a condition looks at: one session, or one day of a tenant. */
export type ConditionScope = "session" | "day";

/** One place where a condition holds: under which of its cases, and the records that show it. */
export interface Hit<C extends string = string> {
  readonly case: C;
  /** When the thing happened that should not have. */
  readonly at: string;
  readonly call?: string;
  /** Id of the record, or the name, that the case is about where a call, a session or a day can have several. */
  readonly about?: string;
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
  /** In one session. Pure, and linear in the records but for a factor that a limit bounds. */
  readonly find?: (story: Story, parameters: P) => readonly Hit<C>[];
  /** In what no session has, or many have: flows without a session are looked at here and nowhere else. */
  readonly findInDay?: (day: Day, parameters: P) => readonly Hit<C>[];
}

/** What to look for, with parameters that were checked. */
export interface Search {
  inSession(story: Story): readonly Hit[];
  inDay(day: Day): readonly Hit[];
}

export type Bound =
  | { readonly outcome: "ok"; readonly search: Search }
  | { readonly outcome: "invalid"; readonly problem: string };

export interface Condition {
  readonly scopes: readonly ConditionScope[];
  readonly cases: readonly string[];
  readonly inputs: readonly RecordClass[];
  bind(parameters: unknown): Bound;
}

export function condition<P, C extends string>(spec: Spec<P, C>): Condition {
  const { cases, inputs, parameters, find, findInDay } = spec;
  return {
    scopes: [
      ...(find === undefined ? [] : (["session"] as const)),
      ...(findInDay === undefined ? [] : (["day"] as const)),
    ],
    cases,
    inputs,
    bind(given): Bound {
      const checked = parameters.safeParse(given);
      if (checked.success) {
        const search: Search = {
          inSession: (story) => find?.(story, checked.data) ?? [],
          inDay: (day) => findInDay?.(day, checked.data) ?? [],
        };
        return { outcome: "ok", search };
      }
      const [first] = checked.error.issues;
      return { outcome: "invalid", problem: `${first?.path.join(".")}: ${first?.message}` };
    },
  };
}
