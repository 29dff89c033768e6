import { z } from "zod";
import type { Bound, ConditionScope, Search } from "./condition.ts";
import { type ConditionName, conditionNames, conditions } from "./conditions.ts";

const severities = ["critical", "high", "medium", "low"] as const;
export type Severity = (typeof severities)[number];

const name = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, "not a lower-case name");

/** What the file of one rule says. */
export interface RuleText {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  /** One for each case of the condition. */
  readonly severity: Readonly<Record<string, Severity>>;
  readonly condition: {
    readonly name: ConditionName;
    readonly parameters: Readonly<Record<string, unknown>>;
  };
  readonly references: {
    readonly atlas_version: string;
    readonly atlas: readonly string[];
    /** Technique ids move between versions of ATT&CK. */
    readonly attack_version: string;
    readonly attack: readonly string[];
    readonly owasp: readonly string[];
  };
  /** What whoever reads the finding does about it. */
  readonly next: string;
}

/** What is matched is named; how to match it is code, and no text of a rule becomes a pattern. */
const ruleSchema: z.ZodType<RuleText> = z.strictObject({
  id: z.string().regex(/^D-[A-Z]{2,4}-[0-9]{2}$/, "not a rule id such as D-NET-01"),
  version: z.string().regex(/^[1-9][0-9]{0,4}$/, "not a whole number in quotes"),
  title: z.string().min(1).max(120),
  severity: z.record(name, z.enum(severities)),
  condition: z.strictObject({
    name: z.enum(conditionNames),
    parameters: z.record(name, z.unknown()),
  }),
  references: z.strictObject({
    atlas_version: z.string().min(1).max(20),
    atlas: z.array(z.string().regex(/^AML\.(T|M)[0-9]{4}(\.[0-9]{3})?$/, "not an ATLAS id")),
    attack_version: z.string().min(1).max(20),
    attack: z.array(z.string().regex(/^T[0-9]{4}(\.[0-9]{3})?$/, "not an ATT&CK id")),
    owasp: z.array(z.string().regex(/^ASI[0-9]{2}$/, "not an id of the OWASP list")),
  }),
  next: z.string().min(1).max(600),
});

/** A rule that was checked, and can be asked. */
export interface Rule extends RuleText {
  readonly scopes: readonly ConditionScope[];
  readonly search: Search;
}

export type RuleVerdict =
  | { readonly outcome: "ok"; readonly rule: Rule }
  | { readonly outcome: "invalid"; readonly problem: string };

/** Reads one parsed rule file. A rule that names no severity for a case, or one for a case that is none, is refused. */
export function readRule(parsed: unknown): RuleVerdict {
  const checked = ruleSchema.safeParse(parsed);
  if (!checked.success) {
    const [first] = checked.error.issues;
    return { outcome: "invalid", problem: `${first?.path.join(".")}: ${first?.message}` };
  }
  const text = checked.data;
  const { scopes, cases, bind } = conditions[text.condition.name];
  const named = Object.keys(text.severity);
  if (named.length !== cases.length || !cases.every((one) => named.includes(one))) {
    return { outcome: "invalid", problem: `severity: give one for each of ${cases.join(", ")}` };
  }
  const bound: Bound = bind(text.condition.parameters);
  if (bound.outcome === "invalid") {
    return { outcome: "invalid", problem: `condition.parameters.${bound.problem}` };
  }
  return { outcome: "ok", rule: { ...text, scopes, search: bound.search } };
}
