import { millisOf } from "@custody/model";
import type { Alert, AlertTarget } from "./alert.ts";
import type { AlertLimits, AlertLine, AlertPorts } from "./alert-line.ts";
import { deliverSyslog } from "./syslog.ts";
import { type Delivery, deliverWebhook } from "./webhook.ts";

/** Tells one target what waits for it, one alert after another; answers how many are done with. */
export type Telling = (line: AlertLine, closing: AbortSignal) => Promise<number>;

export function createTelling(ports: AlertPorts, limits: AlertLimits): Telling {
  return async (line, closing) => {
    let done = 0;
    // The order is kept: a receiver that is out is asked with the first alone.
    for (const alert of line.pending.values()) {
      if (closing.aborted || performance.now() < line.notBefore) break;
      const now = ports.clock.now();
      const delivery = await deliver(line.target, alert, ports.witness(alert.tenant), now);
      const isTold = delivery.outcome === "delivered";
      if (!isTold) line.counts.failures++;
      const isOver = millisOf(now) - millisOf(alert.found_at) >= limits.giveUpMs;
      const committed = isTold || isOver ? await note(ports, line.target, alert, delivery) : null;
      if (committed === null) {
        wait(line, limits);
        break;
      }
      line.noted.set(alert.finding, { tenant: alert.tenant, committed });
      line.pending.delete(alert.finding);
      line.counts[isTold ? "delivered" : "givenUp"]++;
      if (isTold) line.failed = 0;
      done++;
    }
    return done;
  };
}

function wait(line: AlertLine, { backoffMsMin, backoffMsMax }: AlertLimits): void {
  const backoffMs = backoffMsMin * 2 ** Math.min(line.failed++, 20);
  line.notBefore = performance.now() + Math.min(backoffMs, backoffMsMax);
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

/** That it was told, or given up, is a record: what has none is told again. Answers how many leaves there are with it, or null where it was not taken. */
async function note(
  ports: AlertPorts,
  target: AlertTarget,
  { tenant, finding, severity }: Alert,
  delivery: Delivery,
): Promise<number | null> {
  const ledger = await ports.tenant(tenant);
  const isTold = delivery.outcome === "delivered";
  const outcome = isTold ? "delivered" : "given_up";
  const reason = isTold ? {} : { reason: delivery.reason };
  const detail = { target: target.name, kind: target.kind, finding, severity, outcome, ...reason };
  const key = ["alert", target.name, finding, outcome];
  const verdict = await ledger.committer.commit([
    ledger.record({ class: "integrity", key, body: { kind: "alert", detail } }),
  ]);
  return verdict.outcome === "committed" ? ledger.progress().committed : null;
}
