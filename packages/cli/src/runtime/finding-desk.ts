import type { Collector } from "@custody/collector";
import { conditions, type FindingFact, type Rule } from "@custody/detections";
import { shiftMillis } from "@custody/model";
import { type Differing, type FindingDesk, Refusal, type RuleInfo } from "@custody/query-api";
import { lastRun } from "@custody/storage/queries";
import type { Runtime } from "./runtime.ts";
import { systemClock } from "./world.ts";

/** How far back the last replay is looked for. */
const replayedMsMax = 31_536_000_000;
const job = "replay";

/** What the API does about findings, by the collector that writes them. */
export function findingDeskOf(runtime: Runtime, collector: Collector): FindingDesk {
  const { rules, ledgers, store } = runtime;
  return {
    rules: rules.map(infoOf),
    async dispose(principal, fact) {
      try {
        return await collector.write(principal, fact);
      } catch (cause) {
        throw new Refusal("unavailable", "what was said could not be made durable", { cause });
      }
    },
    async replay(tenant, { sessions, days, from, to, isLast }, dryRun) {
      const { replay } = collector.detector;
      const facts = [...(await replay(tenant, { sessions }, dryRun))];
      // One day after another: each is read whole.
      for (const day of days) facts.push(...(await replay(tenant, { day }, dryRun)));
      if (isLast) {
        const ledger = await ledgers.get(tenant);
        const at = systemClock.now();
        const detail = { job, from, to, dry_run: dryRun };
        const body = { kind: "run" as const, detail };
        await ledger.commit([
          ledger.record({ class: "integrity", key: ["run", job, at], ts: at, body }),
        ]);
      }
      return facts.map(differingOf);
    },
    async lastReplay(tenant) {
      const since = shiftMillis(systemClock.now(), -replayedMsMax);
      const run = await lastRun({ reader: store.reader, tenant }, { job, since });
      return run?.rx ?? null;
    },
  };
}

function infoOf({ id, version, title, severity, scopes, condition, next }: Rule): RuleInfo {
  const { inputs } = conditions[condition.name];
  return { id, version, title, severity, scopes, inputs, next };
}

function differingOf({ body, session, call }: FindingFact): Differing {
  return {
    finding: body.finding ?? "",
    rule: body.rule,
    case: body.case ?? "",
    status: body.status === "withdrawn" ? "withdrawn" : "open",
    session: session ?? null,
    call: call ?? null,
  };
}
