import { type Clock, millisOf, type Principal } from "@custody/model";
import type { MetricRegistry } from "./metric-registry.ts";

/** Sources that have series of their own; those that come later are counted as `other`. An operator makes keys, and may make many. */
export const sourceSeriesMax = 500;

/** What each credential sent, and was refused. */
export interface SourceMeter {
  received(source: string, count: number): void;
  refused(source: string, reason: string, count: number): void;
}

/** Names a credential as the admission does: no word of a request is in it. */
export function sourceOf({ tenant, auth }: Principal): string {
  return `${tenant}/${auth.kind}/${auth.subject}`;
}

export function createSourceMeter(registry: MetricRegistry, clock: Clock): SourceMeter {
  const records = registry.counter("custody_source_records_total");
  const refusals = registry.counter("custody_source_refused_total");
  const heard = registry.gauge("custody_source_heard_timestamp_seconds");
  const known = new Set<string>();
  const seriesOf = (source: string): string => {
    if (!known.has(source) && known.size >= sourceSeriesMax) return "other";
    known.add(source);
    return source;
  };
  return {
    received(name, count) {
      const source = seriesOf(name);
      records.inc({ source }, count);
      if (count > 0) heard.set({ source }, millisOf(clock.now()) / 1000);
    },
    refused(name, reason, count) {
      refusals.inc({ source: seriesOf(name), reason }, count);
    },
  };
}
