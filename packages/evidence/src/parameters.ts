import { shippedTiers } from "@custody/context";
import { type SqlValue, shiftMillis } from "@custody/model";
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
  /** Into how many parts a population is read that would not fit into memory at once. */
  readonly slices: number;
}

/** The parameters that a control's text names, and no other: `params.json` holds exactly what the engine was given. */
export function parametersOf(
  sql: string,
  scope: RunScope,
  overlay: Overlay,
): Readonly<Record<string, SqlValue>> {
  const known: Readonly<Record<string, SqlValue>> = {
    tenant: scope.tenant,
    ledger: scope.ledger,
    from: scope.from,
    to: scope.to,
    slices: scope.slices,
    slice: 0,
    p0: scope.period.start,
    p1: scope.period.end,
    quiet: shiftMillis(scope.toRx, -limits.quietMs),
    lateness_us: limits.approvalLatenessMs * 1000,
    // They stand where nobody approved a tiers policy: visible in `params.json`, and marked on every item they place.
    default_labels: shippedTiers.rules.map(({ label }) => label),
    default_tiers: shippedTiers.rules.map(({ tier }) => tier),
    default_tier: shippedTiers.default,
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
