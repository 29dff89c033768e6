import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { type LabelOf, type MetricName, metricTable, type NameOf } from "./metric-table.ts";

/** A value and what it is of. */
interface Reading<Label extends string> {
  readonly labels: Readonly<Record<Label, string>>;
  readonly value: number;
}

/** One registry a process. A metric is made by its name alone: kind, labels and help are in the table. */
export interface MetricRegistry {
  counter<Name extends NameOf<"counter">>(name: Name): Counter<LabelOf<Name>>;
  gauge<Name extends NameOf<"gauge">>(name: Name): Gauge<LabelOf<Name>>;
  histogram<Name extends NameOf<"histogram">>(name: Name): Histogram<LabelOf<Name>>;
  /** Counted elsewhere, or read as it is when somebody asks. Nothing, while there is nothing to say. */
  read(name: NameOf<"counter" | "gauge">, value: () => number | undefined): void;
  /** The same with labels; a series that is not answered is gone. */
  readEach<Name extends NameOf<"counter" | "gauge">>(
    name: Name,
    values: () => readonly Reading<LabelOf<Name>>[],
  ): void;
  text(): Promise<string>;
}

/** Upper ends in seconds: from an fsync to a request that times out. */
const secondsBuckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function createMetricRegistry(): MetricRegistry {
  const registry = new Registry();
  const described = <Name extends MetricName>(name: Name) => ({
    name,
    help: metricTable[name].help,
    labelNames: [...metricTable[name].labels] as LabelOf<Name>[],
    registers: [registry],
  });
  const readEach: MetricRegistry["readEach"] = (name, values) => {
    const isCounter = metricTable[name].kind === "counter";
    const metric = isCounter
      ? new Counter<string>({ ...described(name), collect: () => fill() })
      : new Gauge<string>({ ...described(name), collect: () => fill() });
    const fill = (): void => {
      metric.reset();
      // Without labels `reset` leaves a zero, which would say something where nobody answered.
      metric.remove({});
      for (const { labels, value } of values()) metric.inc(labels, value);
    };
  };
  return {
    counter: (name) => new Counter(described(name)),
    gauge: (name) => new Gauge(described(name)),
    histogram: (name) => new Histogram({ ...described(name), buckets: secondsBuckets }),
    read(name, value) {
      readEach(name, () => {
        const now = value();
        return now === undefined ? [] : [{ labels: {} as never, value: now }];
      });
    },
    readEach,
    text: () => registry.metrics(),
  };
}
