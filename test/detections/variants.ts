import { config } from "./variants/config.ts";
import { destructive } from "./variants/destructive.ts";
import { egress } from "./variants/egress.ts";
import { packages } from "./variants/package.ts";
import { secret } from "./variants/secret.ts";
import type { Variant } from "./variants/variant.ts";

/**
 * One act written in many ways. Written by hand before the classifier was tuned against them: from published evasion (ATT&CK T1027, T1059, T1140,
 * T1036, T1202; the idioms that GTFOBins and LOLBAS collect) and of our own. What is missed stays here.
 */
export const variants: readonly Variant[] = [
  ...destructive,
  ...secret,
  ...egress,
  ...packages,
  ...config,
];
