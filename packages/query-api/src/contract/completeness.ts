import type { Reconciliation, SilentView, SourceView } from "@custody/context";
import { z } from "zod";

export interface GapView {
  readonly source: string;
  readonly epoch: string;
  readonly from: string;
  readonly to: string;
  readonly missing: number;
  readonly cause: string;
  readonly status: "open" | "closed";
  readonly seen_at: string;
}

interface LedgerView {
  readonly origin: string;
  readonly records: number;
  readonly seals: number;
  readonly first_leaf: number;
  readonly last_leaf: number;
  readonly first_at: string;
  readonly last_at: string;
}

/** What came, what did not, and what nobody here could have seen. */
export interface CompletenessView {
  readonly from: string;
  readonly to: string;
  readonly coverage: { readonly heard: number; readonly expected: number } | "unknown";
  /** Those who should report and were not heard: first, because nothing else here is about them. */
  readonly silent: readonly SilentView[];
  readonly sources: readonly SourceView[];
  readonly gaps: {
    readonly open: number;
    readonly closed: number;
    readonly missing: number;
    readonly items: readonly GapView[];
  };
  readonly reconciliations: readonly Reconciliation[];
  readonly downtime: {
    readonly total_ms: number;
    readonly spans: readonly { readonly from: string; readonly to: string }[];
  };
  readonly ledgers: readonly LedgerView[];
  /** What cannot be seen, in words. */
  readonly unseen: readonly string[];
  readonly cut: boolean;
}

const count = z.int().nonnegative();
const text = z.string();

const source: z.ZodType<SourceView> = z.object({
  kind: text,
  subject: text,
  agent: text.nullable(),
  version: text.nullable(),
  expected: z.boolean().nullable(),
  first_at: text,
  last_at: text,
  records: count,
  sessions: count,
  unclean_sessions: count,
  gaps_open: count,
  gaps_closed: count,
  missing: z.number(),
  dropped: z.number(),
  opaque: count,
  strayed: count,
  misdated: count,
  clock_offset_ms_max: z.number(),
  quiet_ms: z.number(),
  silent: z.boolean(),
});

const reconciliation: z.ZodType<Reconciliation> = z.object({
  id: z.enum(["R1", "R2", "R3", "R5"]),
  title: text,
  left: count,
  right: count,
  matched: count,
  left_only: count,
  right_only: count,
  explained: count,
  residual: count,
  examples: z.array(text),
});

export const completenessSchema: z.ZodType<CompletenessView> = z.object({
  from: text,
  to: text,
  coverage: z.union([z.literal("unknown"), z.object({ heard: count, expected: count })]),
  silent: z.array(
    z.object({
      kind: z.enum(["device", "principal", "agent"]),
      id: text,
      device: text.nullable(),
      since: text.nullable(),
      elsewhere: z.object({ things: count, last_at: text }).nullable(),
    }),
  ),
  sources: z.array(source),
  gaps: z.object({
    open: count,
    closed: count,
    missing: z.number(),
    items: z.array(
      z.object({
        source: text,
        epoch: text,
        from: text,
        to: text,
        missing: z.number(),
        cause: text,
        status: z.enum(["open", "closed"]),
        seen_at: text,
      }),
    ),
  }),
  reconciliations: z.array(reconciliation),
  downtime: z.object({ total_ms: z.number(), spans: z.array(z.object({ from: text, to: text })) }),
  ledgers: z.array(
    z.object({
      origin: text,
      records: count,
      seals: count,
      first_leaf: count,
      last_leaf: count,
      first_at: text,
      last_at: text,
    }),
  ),
  unseen: z.array(text),
  cut: z.boolean(),
});
