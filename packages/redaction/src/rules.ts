import { assignmentRules } from "./assignment-rules.ts";
import type { Rule } from "./rule.ts";
import { structuredRules } from "./structured-rules.ts";
import { tokenRules } from "./token-rules.ts";

/** Every kind of secret we mask. At one place the longest anchor is asked first, then in this order. */
export const rules: readonly Rule[] = [...tokenRules, ...structuredRules, ...assignmentRules];
