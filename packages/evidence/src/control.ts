import { type RecordClass, recordClasses } from "@custody/model";
import { z } from "zod";

const id = z.string().regex(/^AT-[A-Z]{3}-\d{2}$/);
const version = z.string().regex(/^\d+\.\d+\.\d+$/);
const recordClass = z.enum(recordClasses);

/** One control as its YAML file says it; unknown members are refused. */
export const controlSchema: z.ZodType<ControlText> = z.strictObject({
  id,
  version,
  title: z.string(),
  layer: z.enum(["sandbox", "approvals", "egress", "telemetry"]),
  soc2: z.array(z.string().regex(/^[A-Z]{1,2}\d\.\d$/)),
  nature: z.enum(["preventive", "detective"]),
  severity: z.enum(["critical", "high", "medium", "low"]),
  statement: z.string(),
  test: z.string(),
  population: z.strictObject({
    classes: z.array(recordClass),
    unit: z.string(),
    filter: z.string(),
  }),
  attributes: z.record(z.string().regex(/^[A-Z]$/), z.string()),
  codes: z.record(z.string().regex(/^[A-Z]{3}\d{2}-[A-Z]+$/), z.string()),
  requires: z.array(recordClass),
  reads: z.array(recordClass),
  reconcile: z.array(z.string().regex(/^R\d$/)),
  external: z.array(z.string()),
  needs_anchor: z.boolean().optional(),
  limits: z.string(),
  columns: z.array(z.string().regex(/^[a-z_]+$/)),
});

/** A control in words: what its YAML file says. */
export interface ControlText {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly layer: "sandbox" | "approvals" | "egress" | "telemetry";
  readonly soc2: readonly string[];
  readonly nature: "preventive" | "detective";
  readonly severity: "critical" | "high" | "medium" | "low";
  readonly statement: string;
  readonly test: string;
  readonly population: {
    /** Whose whole range the population is; empty where its items are no records, as days are. */
    readonly classes: readonly RecordClass[];
    readonly unit: string;
    readonly filter: string;
  };
  /** By letter, in order. */
  readonly attributes: Readonly<Record<string, string>>;
  /** What each exception code means. */
  readonly codes: Readonly<Record<string, string>>;
  /** Classes without which the control is untestable: their records must exist, and match the seals. */
  readonly requires: readonly RecordClass[];
  /** Classes its SQL reads as well: their records must match the seals, and may be absent. */
  readonly reads: readonly RecordClass[];
  readonly reconcile: readonly string[];
  readonly external: readonly string[];
  /** True where nothing inside the log can answer: an anchor held by somebody else is needed. */
  readonly needs_anchor?: boolean | undefined;
  readonly limits: string;
  /** Columns of the SQL, beside the fixed ones, that belong in the population file. */
  readonly columns: readonly string[];
}

/** A control of a loaded catalogue. */
export interface Control extends ControlText {
  /** The YAML file, byte for byte. */
  readonly yaml: string;
  /** One statement that stands alone on (tenant, ledger, leaf, sha, canonical) rows of a table `records`. */
  readonly sql: string;
}

export const catalogueSchema: z.ZodType<CatalogueText> = z.strictObject({
  schema: z.literal("custody/catalogue/1"),
  id: z.string().regex(/^[a-z][a-z-]*$/),
  version,
  builds_on: z.strictObject({ version, sha256: z.string().regex(/^[0-9a-f]{64}$/) }).optional(),
  title: z.string(),
  controls: z.array(id).min(1),
  reconciliations: z.record(z.string().regex(/^R\d$/), z.string()),
});

export interface CatalogueText {
  readonly schema: "custody/catalogue/1";
  readonly id: string;
  readonly version: string;
  /** Files that this version does not hold itself are that one's. */
  readonly builds_on?: EarlierVersion | undefined;
  readonly title: string;
  readonly controls: readonly string[];
  readonly reconciliations: Readonly<Record<string, string>>;
}

export interface EarlierVersion {
  readonly version: string;
  readonly sha256: string;
}
