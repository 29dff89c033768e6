import type { PolicyBookVersion } from "@custody/context";
import { type PolicyKind, policyKinds } from "@custody/model";
import { z } from "zod";

const text = z.string().nullable();

/** A version without its text: who, when, and when it counted. */
const version = z.object({
  version: z.int(),
  digest: text,
  state: z.enum(["proposed", "void", "future", "in_force", "ended"]),
  proposed_by: text,
  proposed_at: text,
  approved_by: text,
  approved_at: text,
  change_ref: text,
  effective_from: text,
  effective_to: text,
  in_force_from: text,
  in_force_to: text,
  backdated: z.boolean(),
  record_ids: z.array(z.string()),
});

/** A policy as lists show it. */
export interface PolicyAnswer {
  readonly kind: PolicyKind;
  readonly name: string;
  /** Came with the product: nobody proposed it, and nobody approved it. */
  readonly shipped_default: boolean;
  readonly versions: number;
  /** The version that counts at the moment asked for; null where none does. */
  readonly in_force: Omit<PolicyBookVersion, "document"> | null;
  readonly newest: Omit<PolicyBookVersion, "document">;
}

const common = {
  kind: z.enum(policyKinds),
  name: z.string(),
  shipped_default: z.boolean(),
};

export const policySchema: z.ZodType<PolicyAnswer> = z.object({
  ...common,
  versions: z.int(),
  in_force: version.nullable(),
  newest: version,
});

/** One policy with every version of it, oldest first. */
export interface WholePolicyAnswer {
  readonly kind: PolicyKind;
  readonly name: string;
  readonly shipped_default: boolean;
  readonly versions: readonly PolicyBookVersion[];
}

export const wholePolicySchema: z.ZodType<WholePolicyAnswer> = z.object({
  ...common,
  versions: z.array(version.extend({ document: z.record(z.string(), z.unknown()) })),
});
