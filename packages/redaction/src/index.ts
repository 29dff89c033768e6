export type { CommitmentPorts } from "./commitment.ts";
export { exemptMembers } from "./exempt.ts";
export { type Counts, type Masked, maskMark, maskText } from "./mask.ts";
export { createRedactor, type Redaction, type Redactor } from "./redactor.ts";
export type { Rule, Span } from "./rule.ts";
export { rules } from "./rules.ts";
