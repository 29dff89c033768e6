import { type SqlValue, shiftMillis } from "@custody/model";
import type { Control } from "./control.ts";
import { EvidenceError } from "./errors.ts";
import { limits } from "./limits.ts";
import type { Overlay } from "./overlay.ts";
import type { Period } from "./period.ts";

/** What a run looks at: one ledger of one tenant between two seals. */
export interface RunScope {
  readonly tenant: string;
  readonly ledger: string;
  readonly period: Period;
  /** First leaf of the class range. */
  readonly from: number;
  /** The leaf of the closing seal; the range ends before it. */
  readonly to: number;
  /** When the closing seal was written. */
  readonly toRx: string;
}

/** The tiers that stand where nobody approved any: visible in `params.json`, and marked on every item they place. */
export interface DefaultTiers {
  readonly labels: readonly string[];
  readonly tiers: readonly number[];
  readonly fallback: number;
}

/** The parameters that a control's text names, and no other: `params.json` holds exactly what the engine was given. */
export function parametersOf(
  sql: string,
  scope: RunScope,
  overlay: Overlay,
  tiers: DefaultTiers,
): Readonly<Record<string, SqlValue>> {
  const known: Readonly<Record<string, SqlValue>> = {
    tenant: scope.tenant,
    ledger: scope.ledger,
    from: scope.from,
    to: scope.to,
    p0: scope.period.start,
    p1: scope.period.end,
    quiet: shiftMillis(scope.toRx, -limits.quietMs),
    lateness_us: limits.approvalLatenessMs * 1000,
    default_labels: tiers.labels,
    default_tiers: tiers.tiers,
    default_tier: tiers.fallback,
    ...overlay.approvals,
  };
  const wanted = new Set([...sql.matchAll(/\{([a-z][a-z0-9_]*):[A-Z]/g)].map(([, name]) => name));
  return Object.fromEntries(
    [...wanted].sort().map((name = "") => {
      const value = known[name];
      if (value === undefined) {
        throw new EvidenceError("CATALOGUE_FORMAT", `no parameter is called ${name}`);
      }
      return [name, value];
    }),
  );
}

export function sqlParameters(
  control: Control,
  scope: RunScope,
  overlay: Overlay,
  tiers: DefaultTiers,
): Readonly<Record<string, SqlValue>> {
  return parametersOf(control.sql, scope, overlay, tiers);
}
