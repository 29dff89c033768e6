import type { EngineMeasures, TableStatus } from "@custody/storage";
import type { MetricRegistry } from "./metric-registry.ts";
import type { NameOf } from "./metric-table.ts";

/** Whoever reads the metrics again and again asks the engine no more often than this. */
const everyMs = 5_000;
/** An engine that is slow must not hold up what everybody else says. */
const patienceMs = 1_000;

type Ask = () => Promise<EngineMeasures>;

/** Asks the engine before the metrics are read: resolves when it answered, failed, or took too long. */
export interface EngineMeter {
  refresh(): Promise<void>;
}

const scalars = {
  custody_engine_memory_bytes: "memoryBytes",
  custody_engine_memory_limit_bytes: "memoryBytesMax",
  custody_engine_merges: "mergesRunning",
  custody_engine_merges_started_total: "merges",
  custody_engine_merged_rows_total: "mergedRows",
  custody_engine_statements: "statementsRunning",
} as const;
const perTable = {
  custody_engine_parts: "parts",
  custody_engine_rows: "rows",
  custody_engine_table_bytes: "bytes",
} as const;

export function addEngineMetrics(registry: MetricRegistry, ask: Ask): EngineMeter {
  let latest: EngineMeasures | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;
  registry.read("custody_engine_up", () => (latest === undefined ? 0 : 1));
  for (const [name, member] of Object.entries(scalars)) {
    registry.read(name as NameOf<"gauge" | "counter">, () => latest?.[member]);
  }
  for (const [name, member] of Object.entries(perTable)) {
    registry.readEach(name as keyof typeof perTable, () => eachTable(latest, member));
  }
  const begin = async (): Promise<void> => {
    try {
      latest = await ask();
    } catch {
      latest = undefined;
    }
    askedAt = performance.now();
    asking = undefined;
  };
  return {
    async refresh() {
      if (performance.now() - askedAt < everyMs) return;
      asking ??= begin();
      if (await isLate(asking)) latest = undefined;
    },
  };
}

function eachTable(
  measures: EngineMeasures | undefined,
  member: Exclude<keyof TableStatus, "table">,
): readonly { readonly labels: { readonly table: string }; readonly value: number }[] {
  return (measures?.tables ?? []).map((one) => ({
    labels: { table: one.table },
    value: one[member],
  }));
}

async function isLate(answer: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(true), patienceMs);
  });
  try {
    return await Promise.race([answer.then(() => false), late]);
  } finally {
    clearTimeout(timer);
  }
}
