import type { CountRun } from "../metrics/job-meter.ts";
import type { CollectorPorts } from "../ports.ts";
import { type Alert, type AlertTarget, isWorth } from "./alert.ts";

/** What the telling needs of the collector's ports. */
export type AlertPorts = Pick<
  CollectorPorts,
  "clock" | "reader" | "tenant" | "tenants" | "witness"
>;

/** What bounds the telling. */
export const alertLimits = {
  /** How often it is looked for something to tell. */
  everyMs: 500,
  /** How often a store that other processes write to is asked what they found. */
  othersEveryMs: 60_000,
  /** The first wait after a failed delivery; each further one is twice as long, */
  backoffMsMin: 1_000,
  /** but no longer than this. */
  backoffMsMax: 300_000,
  /** What could not be told for this long is given up, counted and recorded. */
  giveUpMs: 21_600_000,
  /** Alerts of one target in memory; the rest is read again when there is room. */
  pendingMax: 1_000,
} as const;

export type AlertLimits = Readonly<Record<keyof typeof alertLimits, number>>;

export interface AlertOptions {
  readonly limits: AlertLimits;
  /** Other processes write to this store too: what they found is told as well. */
  readonly sharedStore: boolean;
  readonly count: CountRun;
}

/** Since the start. */
export interface AlertCounts {
  delivered: number;
  /** Deliveries that failed. */
  failures: number;
  givenUp: number;
}

/** What one target is still to be told, in the order in which it was found. */
export interface AlertLine {
  readonly target: AlertTarget;
  readonly pending: Map<string, Alert>;
  /** What was told, or given up, and the leaves that have to be stored before the store says so too. */
  readonly noted: Map<string, { readonly tenant: string; readonly committed: number }>;
  /** Tenants of which something found no room. */
  readonly short: Set<string>;
  readonly counts: AlertCounts;
  /** Deliveries that failed since the last that did not. */
  failed: number;
  /** When it may be told something again, in milliseconds of a clock that does not step back. */
  notBefore: number;
}

export function createAlertLine(target: AlertTarget): AlertLine {
  return {
    target,
    pending: new Map(),
    noted: new Map(),
    short: new Set(),
    counts: { delivered: 0, failures: 0, givenUp: 0 },
    failed: 0,
    notBefore: 0,
  };
}

/** Puts an alert in line where the target wants it and was not told. `told`: the targets that were, by what is stored. */
export function holdAlert(
  line: AlertLine,
  alert: Alert,
  told: ReadonlySet<string> | undefined,
  { pendingMax }: AlertLimits,
): void {
  const { target, pending, noted, short } = line;
  const { finding, tenant } = alert;
  const isKnown = told?.has(target.name) || noted.has(finding) || pending.has(finding);
  if (isKnown || !isWorth(alert, target)) return;
  if (pending.size < pendingMax) pending.set(finding, alert);
  else short.add(tenant);
}

/** Whether what found no room before finds some now. */
export function hasRoom({ pending }: AlertLine, { pendingMax }: AlertLimits): boolean {
  return pending.size <= pendingMax / 2;
}
