import { z } from "zod";

/** Beside what it lists, and the last thing written: a back-up without one is not whole. */
export const manifestName = "backup.json";

const fileSchema = z.object({
  /** With `/`, below the folder. */
  path: z.string(),
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const markSchema = z.object({
  tenant: z.string(),
  origin: z.string(),
  current: z.boolean(),
  checkpoint: z.object({ size: z.number(), root: z.string() }).nullable(),
  size: z.number(),
});

/** What `takeSnapshot` knew when it took it. */
export const snapshotSchema = z.object({
  id: z.string(),
  taken: z.string(),
  product: z.string(),
  /** Where the rows lie: in the copy, or in a ClickHouse server that its operator backs up. */
  store: z.enum(["embedded", "server"]),
  ledgers: z.array(markSchema),
});
export type Snapshot = z.output<typeof snapshotSchema>;

export const manifestSchema = snapshotSchema.extend({
  v: z.literal(1),
  /** Files that were left out on purpose. */
  left_out: z.array(z.string()),
  files: z.array(fileSchema),
});
export type Manifest = z.output<typeof manifestSchema>;
export type BackedUpFile = z.output<typeof fileSchema>;

/** Sign and give access: whoever holds a back-up with them can sign as this installation. A restored copy makes new ones. */
export const privateKeys: readonly string[] = ["log.key", "bundle.key", "admin.key"];
