import type { Rule } from "@custody/detections";
import { type LedgerRecord, millisOf, limits as modelLimits, timeFromMillis } from "@custody/model";
import { alertsTold, type FoundRecord, findingsWritten } from "@custody/storage/queries";
import { alertOf } from "./alert.ts";
import {
  type AlertLimits,
  type AlertLine,
  type AlertOptions,
  type AlertPorts,
  hasRoom,
  holdAlert,
} from "./alert-line.ts";

/** Findings of one question. */
const pageMax = modelLimits.pageItemsMax;
/** What another process received this long before what was read last may be stored after it. */
const overlapMs = 600_000;
/** A reading is followed by a rest of as many times what it took. */
const restFactor = 1;

export interface AlertReading {
  /** Something was opened: it is read once so many leaves are stored. */
  opened(tenant: string, committed: number): void;
  isDue(): boolean;
  /** Puts in line what is written and was not told: after a start, and whenever something was opened. */
  all(closing: AbortSignal): Promise<number>;
}

/** Leaves that have to be stored before a tenant is read, and before it is known that there is no more. */
interface Need {
  readonly first: number;
  readonly last: number;
}

export function createAlertReading(
  ports: AlertPorts,
  lines: readonly AlertLine[],
  rules: readonly Rule[],
  { limits, sharedStore }: AlertOptions,
): AlertReading {
  const needs = new Map<string, Need>();
  /** Up to which time of receipt each tenant was read. One that is not here is read from the beginning. */
  const through = new Map<string, string>();
  const known = new Set<string>();
  let [restUntil, othersAt] = [0, performance.now()];
  const scan = createScan(ports, lines, rules, limits);
  const opened = (tenant: string, committed: number): void => {
    const { first, last } = needs.get(tenant) ?? { first: committed, last: committed };
    needs.set(tenant, { first, last: Math.max(last, committed) });
  };
  const othersDue = (): boolean =>
    sharedStore && performance.now() - othersAt >= limits.othersEveryMs;
  const isShort = (line: AlertLine, tenant: string): boolean =>
    line.short.has(tenant) && hasRoom(line, limits);
  const read = async (tenant: string, closing: AbortSignal): Promise<void> => {
    const { committed, stored } = (await ports.tenant(tenant)).progress();
    if (!known.has(tenant)) opened(tenant, committed);
    known.add(tenant);
    for (const line of lines.filter((one) => isShort(one, tenant))) {
      line.short.delete(tenant);
      through.delete(tenant);
      opened(tenant, stored);
    }
    const need = needs.get(tenant);
    if (need === undefined || stored < need.first) return;
    for (const line of lines) forget(line, tenant, stored);
    const last = await scan(tenant, through.get(tenant), closing);
    if (closing.aborted) return;
    if (last !== undefined) through.set(tenant, last);
    const asked = needs.get(tenant)?.last ?? stored;
    needs.delete(tenant);
    // What was opened meanwhile.
    if (asked > stored) opened(tenant, asked);
  };
  return {
    opened,
    isDue() {
      if (performance.now() < restUntil) return false;
      const isOpen = (tenant: string): boolean =>
        needs.has(tenant) || !known.has(tenant) || lines.some((line) => isShort(line, tenant));
      return othersDue() || ports.tenants().some(isOpen);
    },
    async all(closing) {
      const began = performance.now();
      if (othersDue()) {
        othersAt = began;
        // Nobody tells us when that was stored.
        for (const tenant of ports.tenants()) opened(tenant, 0);
      }
      // One tenant after another: the store's readers are few.
      for (const tenant of ports.tenants()) if (!closing.aborted) await read(tenant, closing);
      const now = performance.now();
      restUntil = now + (now - began) * restFactor;
      return 0;
    },
  };
}

/** Reads page by page what a tenant's rules opened, and holds what was not told; answers the time of receipt of the last. */
function createScan(
  { reader, clock }: AlertPorts,
  lines: readonly AlertLine[],
  rules: readonly Rule[],
  limits: AlertLimits,
) {
  const titles = new Map(rules.map(({ id, version, title }) => [`${id} ${version}`, title]));
  const titleOf = (rule: string, version: string): string => titles.get(`${rule} ${version}`) ?? "";
  return async (
    tenant: string,
    through: string | undefined,
    closing: AbortSignal,
  ): Promise<string | undefined> => {
    const asked = { reader, tenant };
    // Twice as long, so that what got too old while nobody ran is given up aloud.
    const earliestMs = millisOf(clock.now()) - limits.giveUpMs * 2;
    const behindMs = through === undefined ? earliestMs : millisOf(through) - overlapMs;
    const earliest = timeFromMillis(earliestMs);
    const since = timeFromMillis(Math.max(earliestMs, behindMs));
    let after: FoundRecord | undefined;
    for (;;) {
      // Each page begins behind the one before.
      const found = await findingsWritten(asked, since, { after, limit: pageMax });
      const alerts = found.flatMap(
        ({ record }) => alertOf(record as LedgerRecord<"finding">, titleOf) ?? [],
      );
      const findings = alerts.map(({ finding }) => finding);
      const told = await alertsTold(asked, { findings, since: earliest });
      for (const alert of alerts) {
        for (const line of lines) holdAlert(line, alert, told.get(alert.finding), limits);
      }
      after = found.at(-1) ?? after;
      if (found.length < pageMax || closing.aborted) return after?.record.rx;
    }
  };
}

/** What was noted is known by the store from here on. */
function forget({ noted }: AlertLine, tenant: string, stored: number): void {
  for (const [finding, note] of noted) {
    if (note.tenant === tenant && note.committed <= stored) noted.delete(finding);
  }
}
