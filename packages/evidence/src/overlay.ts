import { shippedApproval } from "@custody/context";
import { type ApprovedBy, approvers, canonicalText, type Scope, scopes } from "@custody/model";
import { z } from "zod";
import { sha256Hex } from "./digest.ts";
import { EvidenceError } from "./errors.ts";

/** What an organisation decides for itself, apart from the catalogue: shown beside every result, never an edit of the SQL. */
export interface Overlay {
  readonly schema: "custody/overlay/1";
  readonly approvals: {
    /** Whose allow is enough for an action of tier 2, and of tier 3. */
    readonly accepted_by_t2: readonly ApprovedBy[];
    readonly accepted_by_t3: readonly ApprovedBy[];
    readonly scopes_t2: readonly Scope[];
    readonly scopes_t3: readonly Scope[];
    /** Tiers in which a requester's own approval is enough: at the keyboard it is the normal case. */
    readonly self_tiers: readonly (2 | 3)[];
  };
}

/** The shipped approval policy: people alone; on tier 3 each time, and not the person who asked. */
export const defaultOverlay: Overlay = {
  schema: "custody/overlay/1",
  approvals: {
    accepted_by_t2: requirement(2).by,
    accepted_by_t3: requirement(3).by,
    scopes_t2: requirement(2).scopes,
    scopes_t3: requirement(3).scopes,
    self_tiers: ([2, 3] as const).filter((tier) => requirement(tier).four_eyes !== true),
  },
};

function requirement(tier: 2 | 3): (typeof shippedApproval.requirements)[number] {
  const found = shippedApproval.requirements.find((each) => each.tier === tier);
  if (found === undefined) {
    throw new EvidenceError("OVERLAY_FORMAT", `the shipped approval policy has no tier ${tier}`);
  }
  return found;
}

const giver = z.enum(approvers);
const overlaySchema: z.ZodType<Overlay> = z.strictObject({
  schema: z.literal("custody/overlay/1"),
  approvals: z.strictObject({
    accepted_by_t2: z.array(giver),
    accepted_by_t3: z.array(giver),
    scopes_t2: z.array(z.enum(scopes)),
    scopes_t3: z.array(z.enum(scopes)),
    self_tiers: z.array(z.union([z.literal(2), z.literal(3)])),
  }),
});

export function parseOverlay(value: unknown): Overlay {
  const checked = overlaySchema.safeParse(value);
  if (checked.success) return checked.data;
  const [first] = checked.error.issues;
  throw new EvidenceError("OVERLAY_FORMAT", `${first?.path.join(".")} ${first?.message}`);
}

export function overlayDigest(overlay: Overlay): string {
  return sha256Hex(canonicalText(overlay));
}
