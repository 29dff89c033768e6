import type { PlacedRecord, Tally, Temporality } from "@custody/model";
import { describe, expect, test } from "vitest";
import { crossCheck } from "./cross-check.ts";
import { tallyPoints } from "./tally.ts";

const at = (second: number): string =>
  `2026-11-23T10:00:${String(second).padStart(2, "0")}.000000000Z`;

interface Point {
  readonly temporality?: Temporality;
  readonly start?: number;
  readonly time: number;
  readonly value: number;
  readonly tags?: readonly string[];
  readonly id?: string;
  readonly kind?: "agent" | "internal";
}

function placed(points: readonly Point[]): readonly PlacedRecord[] {
  return points.map(({ kind = "agent", ...point }, leaf) => {
    const detail: Tally = {
      metric: "tokens",
      measure: "input_tokens",
      temporality: point.temporality ?? "delta",
      start: at(point.start ?? 0),
      time: at(point.time),
      value: point.value,
      tags: point.tags ?? [],
    };
    const auth = { method: "bearer", kind, subject: "laptop" };
    const record = {
      id: point.id ?? String(leaf).padStart(32, "0"),
      class: "integrity",
      session: "s",
      ts: at(point.time),
      rx: at(point.time),
      src: { id: "laptop", epoch: "", auth },
      body: { kind: "tally", detail },
    };
    return { ledger: "l", leaf, sha: String(leaf), record } as unknown as PlacedRecord;
  });
}

function check(points: readonly Point[], records: number | undefined, open = false) {
  const counted = records === undefined ? {} : { input_tokens: records };
  return crossCheck(tallyPoints(placed(points)), counted, { lastRecordAt: at(30), open });
}

describe("delta points", () => {
  test("are added, whatever order they come in, and each once", () => {
    const points = [
      { time: 40, start: 20, value: 5, id: "b" },
      { time: 20, value: 7, id: "a" },
      { time: 20, value: 7, id: "a" },
    ];
    expect(check(points, 12)).toMatchObject([{ metrics: 12, records: 12, agrees: true }]);
  });
});

describe("cumulative points", () => {
  test("are not added: the newest of a series holds the ones before it", () => {
    const points = [
      { temporality: "cumulative", time: 40, value: 9 },
      { temporality: "cumulative", time: 20, value: 4 },
      { temporality: "cumulative", time: 40, value: 2, tags: ["model=b"] },
    ] as const;
    expect(check(points, 11)).toMatchObject([{ metrics: 11, agrees: true }]);
  });

  test("of a process that began anew are added to those of the one before, and that is noted", () => {
    const points = [
      { temporality: "cumulative", start: 0, time: 10, value: 4 },
      { temporality: "cumulative", start: 20, time: 40, value: 3 },
    ] as const;
    const [one] = check(points, 7);
    expect(one).toMatchObject({ metrics: 7, agrees: true });
    expect(one?.why).toContain("began to count anew 1 time(s)");
  });
});

describe("what is not compared, or not yet", () => {
  test("both temporalities of one measure stand apart and are never added", () => {
    const points = [
      { time: 40, value: 5 },
      { temporality: "cumulative", time: 40, value: 5 },
    ] as const;
    expect(check(points, 5)).toMatchObject([
      { temporality: "delta", metrics: 5, agrees: true },
      { temporality: "cumulative", metrics: 5, agrees: true },
    ]);
  });

  test("points that do not say whether they add up are shown and prove nothing", () => {
    const points = [{ temporality: "unspecified", time: 40, value: 5 }] as const;
    expect(check(points, 5)).toMatchObject([{ metrics: 5, records: 5, agrees: null }]);
  });

  test("a measure that no record tells is shown alone", () => {
    expect(check([{ time: 40, value: 5 }], undefined)).toMatchObject([
      { metrics: 5, records: null, agrees: null },
    ]);
    expect(check([{ time: 40, value: 0 }], undefined)[0]?.agrees).toBe(true);
  });

  test("of a session that is still open the last export may still come; of one that ended it never did", () => {
    const early = [{ time: 20, value: 5 }];
    expect(check(early, 9, true)[0]).toMatchObject({ agrees: null });
    expect(check(early, 9, true)[0]?.why).toContain("may still come");
    expect(check(early, 9, false)[0]).toMatchObject({ agrees: false });
  });
});

describe("a disagreement", () => {
  test("is one in both directions, and says by how much", () => {
    expect(check([{ time: 40, value: 9 }], 5)[0]).toMatchObject({ agrees: false });
    expect(check([{ time: 40, value: 9 }], 5)[0]?.why).toContain("4 more than the records tell");
    expect(check([{ time: 40, value: 5 }], 9)[0]).toMatchObject({ agrees: false });
    expect(check([{ time: 40, value: 5 }], 9)[0]?.why).toContain("tell 4 more than the metrics");
  });
});

test("what Custody's own ledger says of itself is never a source's count", () => {
  expect(check([{ time: 40, value: 5, kind: "internal" }], 5)).toEqual([]);
});
