import type { Drift } from "@custody/model";
import { limits } from "@custody/model";
import { describe, expect, test } from "vitest";
import { type DriftCount, DriftCounts, driftRowsMax } from "./drift-counts.ts";
import { driftFact } from "./drift-record.ts";
import { createMetricRegistry } from "./metrics/metric-registry.ts";
import {
  createDriftMeter,
  driftSeriesMax,
  driftSeriesOfSubjectMax,
} from "./plugins/drift-meter.ts";

const renamed: Drift = {
  agent: "codex",
  version: "0.170.0",
  kind: "unknown_event",
  name: "codex.tool_outcome",
};

function counted(...strays: readonly Drift[]): readonly DriftCount[] {
  const counts = new DriftCounts();
  for (const stray of strays) counts.add(stray);
  return counts.rows();
}

const total = (rows: readonly DriftCount[]): number =>
  rows.reduce((sum, { count }) => sum + count, 0);

describe("how a delivery strays", () => {
  test("is counted by agent, release, kind and name, the worst kind first whatever came first", () => {
    const unseen: Drift = { ...renamed, kind: "version_unseen", name: "" };
    const rows = counted(unseen, renamed, unseen, renamed, unseen);
    expect(rows).toEqual([
      { ...renamed, count: 2 },
      { ...unseen, count: 3 },
    ]);
    expect(counted(unseen, unseen, renamed, unseen, renamed)).toEqual(rows);
  });

  test("is nothing where nothing strays", () => {
    expect(counted()).toEqual([]);
  });

  test("names what a sender does not say by nothing, never by a default", () => {
    expect(counted({ ...renamed, version: undefined })[0]).toMatchObject({ version: "" });
  });

  test("fits one record however many names an agent makes up, and every item of it is counted", () => {
    const strays = Array.from({ length: 5_000 }, (_, nth) => ({
      ...renamed,
      agent: `${'\\"'.repeat(90)}${nth}`,
      version: `${nth}${"\u0000".repeat(500)}`,
      name: `${nth}${"😀".repeat(500)}`,
    }));
    const rows = counted(...strays);
    expect(rows.length).toBe(driftRowsMax + 1);
    expect(total(rows)).toBe(5_000);
    expect(rows.at(-1)).toMatchObject({ agent: "other", kind: "unknown_event", name: "other" });
    const bytes = Buffer.byteLength(JSON.stringify(driftFact("laptop", "d1", rows)));
    expect(bytes).toBeLessThan(limits.recordBytesMax - 4_096);
  });

  test("keeps no secret that stands in a name", () => {
    const secret = "ghp_0123456789abcdefghijklmnopqrstuvwxyz";
    const rows = counted({ ...renamed, kind: "unclaimed", name: `GET /?token=${secret}` });
    expect(JSON.stringify(rows)).not.toContain("ghp_");
  });
});

describe("the drift metric", () => {
  const flood = (agent: string): readonly DriftCount[] =>
    Array.from({ length: 3_000 }, (_, nth) => ({
      ...renamed,
      version: "1",
      agent,
      name: `event ${nth}`,
      count: 1,
    }));
  const seriesOf = (text: string): readonly string[] =>
    text.split("\n").filter((line) => line.startsWith("custody_drift_total{"));

  test("a flood of names by one credential opens a bounded number of series, and leaves room for another's", async () => {
    const registry = createMetricRegistry();
    const count = createDriftMeter(registry);
    count("hostile", flood("evil"));
    count("honest", [{ ...renamed, version: "0.170.0", count: 7 }]);
    const series = seriesOf(await registry.text());
    expect(series.length).toBe(driftSeriesOfSubjectMax + 2);
    expect(series).toContain(
      'custody_drift_total{agent="codex",version="0.170.0",kind="unknown_event",name="codex.tool_outcome"} 7',
    );
    expect(series).toContain(
      `custody_drift_total{agent="other",version="other",kind="unknown_event",name="other"} ${3_000 - driftSeriesOfSubjectMax}`,
    );
  });

  test("however many credentials flood, the process keeps a bounded number of series", async () => {
    const registry = createMetricRegistry();
    const count = createDriftMeter(registry);
    for (let nth = 0; nth < 12; nth++) count(`subject ${nth}`, flood(`agent ${nth}`));
    expect(seriesOf(await registry.text()).length).toBe(driftSeriesMax + 1);
  });
});
