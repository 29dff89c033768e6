export { callPaths, type DescribedCall, describeCall } from "./call-facts.ts";
export { contextLimits } from "./limits.ts";
export { classifier, type RiskWord, riskWords } from "./risk-table.ts";
