import { type DriftKind, driftKinds } from "@custody/model";
import { z } from "zod";

/** One way in which telemetry of one agent and release strayed from what Custody reads. Names are the sender's, masked and cut. */
export interface DriftView {
  readonly agent: string;
  readonly version: string | null;
  readonly kind: DriftKind;
  readonly name: string | null;
  readonly count: number;
  readonly first_at: string;
  readonly last_at: string;
}

/** What strayed in a window, the worst first. `total` counts the items of all of it; `cut`: older deliveries are not counted. */
export interface DriftAnswer {
  readonly items: readonly DriftView[];
  readonly total: number;
  readonly cut: boolean;
}

export const driftRowSchema: z.ZodType<DriftView> = z.object({
  agent: z.string(),
  version: z.string().nullable(),
  kind: z.enum(driftKinds),
  name: z.string().nullable(),
  count: z.int().positive(),
  first_at: z.string(),
  last_at: z.string(),
});

export const driftSchema: z.ZodType<DriftAnswer> = z.object({
  items: z.array(driftRowSchema),
  total: z.int().nonnegative(),
  cut: z.boolean(),
});
