import type { Rule } from "@custody/detections";
import { type LedgerRecord, millisOf, timeFromMillis } from "@custody/model";
import { type Asked, findingsWritten, ownIntegrity } from "@custody/storage/queries";
import type { CollectorPorts } from "../ports.ts";
import { type Alert, type AlertTarget, alertOf, isWorth } from "./alert.ts";
import { deliverSyslog } from "./syslog.ts";
import { type Delivery, deliverWebhook } from "./webhook.ts";

/** What bounds the telling. */
const alertLimits = {
  /** How often it is looked for something to tell. */
  everyMs: 500,
  /** The first wait after a failed delivery; each further one is twice as long, */
  backoffMsMin: 1_000,
  /** but no longer than this. */
  backoffMsMax: 300_000,
  /** What could not be told for this long is given up, counted and recorded. */
  giveUpMs: 21_600_000,
  /** Alerts of one target in memory; the rest is read again when there is room. */
  pendingMax: 1_000,
} as const;

export interface Alerter {
  /** Something was opened: it is told once it is stored. */
  opened(tenant: string): void;
  /** Alerts that wait. */
  pending(): number;
  delivered(): number;
  /** Deliveries that failed, each tried again. */
  failures(): number;
  givenUp(): number;
  close(): Promise<void>;
}

interface Line {
  readonly target: AlertTarget;
  readonly pending: Map<string, Alert>;
  failed: number;
  notBefore: number;
}

type Limits = Readonly<Record<keyof typeof alertLimits, number>>;

/**
 * Tells targets of findings, at least once each. What was told is a record of ours, so what is left to tell follows from the ledger: a kill or a restart
 * loses nothing, and the worst that happens is that a receiver hears one finding twice, under the same key.
 */
export function createAlerter(
  ports: CollectorPorts,
  targets: readonly AlertTarget[],
  rules: readonly Rule[],
  limits: Limits = alertLimits,
): Alerter {
  const lines = targets.map(
    (target): Line => ({ target, pending: new Map(), failed: 0, notBefore: 0 }),
  );
  const counts = { delivered: 0, failures: 0, givenUp: 0 };
  const reading = createReading(ports, lines, rules, limits);
  const telling = createTelling(ports, counts, limits);
  let running: Promise<void> = Promise.resolve();
  let isBusy = false;
  const once = async (): Promise<void> => {
    await reading.all();
    // Each target is told at its own pace.
    await Promise.all(lines.map(telling));
  };
  const timer = setInterval(() => {
    if (isBusy || lines.length === 0) return;
    isBusy = true;
    running = once()
      .catch(() => void counts.failures++)
      .finally(() => {
        isBusy = false;
      });
  }, limits.everyMs);
  timer.unref();
  return {
    opened: reading.opened,
    pending: () => lines.reduce((sum, { pending }) => sum + pending.size, 0),
    delivered: () => counts.delivered,
    failures: () => counts.failures,
    givenUp: () => counts.givenUp,
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}

interface Reading {
  opened(tenant: string): void;
  /** Puts in line what is written and was not told: after a start, and whenever something was opened. */
  all(): Promise<void>;
}

function createReading(
  ports: CollectorPorts,
  lines: readonly Line[],
  rules: readonly Rule[],
  limits: Limits,
): Reading {
  const titles = new Map(rules.map(({ id, version, title }) => [`${id} ${version}`, title]));
  const titleOf = (rule: string, version: string): string => titles.get(`${rule} ${version}`) ?? "";
  const stale = new Set<string>();
  const known = new Set<string>();
  const hold = (tenant: string, alert: Alert, told: ReadonlySet<string>): void => {
    for (const { target, pending } of lines) {
      if (told.has(`${target.name} ${alert.finding}`) || !isWorth(alert, target)) continue;
      if (pending.size < limits.pendingMax) pending.set(alert.finding, alert);
      else stale.add(tenant);
    }
  };
  const read = async (tenant: string): Promise<void> => {
    const { committed, stored } = (await ports.tenant(tenant)).progress();
    if (stored < committed) return;
    stale.delete(tenant);
    // Twice as long, so that what got too old while nobody ran is given up aloud.
    const since = timeFromMillis(millisOf(ports.clock.now()) - limits.giveUpMs * 2);
    const asked: Asked = { reader: ports.reader, tenant };
    const limit = limits.pendingMax * 10;
    const [written, said] = await Promise.all([
      findingsWritten(asked, since, limit),
      ownIntegrity(asked, { kind: "alert", since, limit }),
    ]);
    const told = new Set(said.map(({ record }) => toldKey(record)));
    for (const { record } of written) {
      const alert = alertOf(record as LedgerRecord<"finding">, titleOf);
      if (alert !== undefined) hold(tenant, alert, told);
    }
  };
  return {
    opened: (tenant) => void stale.add(tenant),
    async all() {
      for (const tenant of ports.tenants()) {
        if (!known.has(tenant)) stale.add(tenant);
        known.add(tenant);
        if (stale.has(tenant)) await read(tenant);
      }
    },
  };
}

function createTelling(
  ports: CollectorPorts,
  counts: { delivered: number; failures: number; givenUp: number },
  limits: Limits,
): (line: Line) => Promise<void> {
  return async (line) => {
    for (const [finding, alert] of line.pending) {
      if (performance.now() < line.notBefore) return;
      const now = ports.clock.now();
      const waitedMs = millisOf(now) - millisOf(alert.found_at);
      // The order is kept: a receiver that is out is asked with the first alone.
      const delivery = await deliver(line.target, alert, ports.witness(alert.tenant), now);
      const isTold = delivery.outcome === "delivered";
      if (!isTold) counts.failures++;
      if (!isTold && waitedMs < limits.giveUpMs) {
        const backoff = limits.backoffMsMin * 2 ** Math.min(line.failed++, 20);
        line.notBefore = performance.now() + Math.min(backoff, limits.backoffMsMax);
        return;
      }
      if (!(await noted(ports, line.target, alert, delivery))) return;
      line.pending.delete(finding);
      counts[isTold ? "delivered" : "givenUp"]++;
      if (isTold) line.failed = 0;
    }
  };
}

function deliver(
  target: AlertTarget,
  alert: Alert,
  witness: string | null,
  now: string,
): Promise<Delivery> {
  return target.kind === "webhook"
    ? deliverWebhook(target, alert, { witness, now })
    : deliverSyslog(target, alert, { witness, now });
}

/** That it was told, or given up, is a record: what has none is told again after a start. */
async function noted(
  ports: CollectorPorts,
  target: AlertTarget,
  { tenant, finding, severity }: Alert,
  delivery: Delivery,
): Promise<boolean> {
  const ledger = await ports.tenant(tenant);
  const isTold = delivery.outcome === "delivered";
  const outcome = isTold ? "delivered" : "given_up";
  const reason = isTold ? {} : { reason: delivery.reason };
  const detail = { target: target.name, kind: target.kind, finding, severity, outcome, ...reason };
  const key = ["alert", target.name, finding, outcome];
  const verdict = await ledger.committer.commit([
    ledger.record({ class: "integrity", key, body: { kind: "alert", detail } }),
  ]);
  return verdict.outcome === "committed";
}

function toldKey(record: LedgerRecord): string {
  const detail = "detail" in record.body ? record.body.detail : {};
  return `${String(detail["target"])} ${String(detail["finding"])}`;
}
