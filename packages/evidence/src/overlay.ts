import { approvers, canonicalText } from "@custody/model";
import { z } from "zod";
import { sha256Hex } from "./digest.ts";
import { EvidenceError } from "./errors.ts";

/**
 * What an organisation decides for itself, apart from the catalogue: shown beside every result, never an edit of the SQL.
 * A model's approval is never a human's, so the default takes people alone, and nobody's own.
 */
export interface Overlay {
  readonly schema: "custody/overlay/1";
  readonly approvals: {
    /** Whose allow is enough for an action of tier 2, and of tier 3. */
    readonly accepted_by_t2: readonly (typeof approvers)[number][];
    readonly accepted_by_t3: readonly (typeof approvers)[number][];
    /** Tiers in which a requester's own approval is enough. */
    readonly self_tiers: readonly number[];
  };
}

export const defaultOverlay: Overlay = {
  schema: "custody/overlay/1",
  approvals: { accepted_by_t2: ["human"], accepted_by_t3: ["human"], self_tiers: [] },
};

const giver = z.enum(approvers);
const overlaySchema: z.ZodType<Overlay> = z.strictObject({
  schema: z.literal("custody/overlay/1"),
  approvals: z.strictObject({
    accepted_by_t2: z.array(giver),
    accepted_by_t3: z.array(giver),
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
