import type { PlacedRecord } from "@custody/model";
import fc from "fast-check";
import { expect, test } from "vitest";
import { evidenceOf, found } from "../../../test/detections/replay.ts";
import { shippedRules } from "../../../test/detections/shipped-rules.ts";
import { at, placed } from "../../../test/support/placed-record.ts";
import { detect } from "./detect.ts";
import type { Evidence } from "./evidence.ts";

const push = [{ program: "git", words: ["push", "origin", "main"] }];

/** A session in which many rules find something. */
const busy = evidenceOf({
  records: [
    placed("session", 0, { event: "start", flags: ["yolo"], sandbox_mode: "none" }),
    placed("session", 1, { event: "seen", flags: ["yolo"] }),
  ],
  calls: [
    {
      call: "c1",
      from: 10,
      tier: 2,
      status: "denied",
      programs: push,
      approvals: [{ second: 9, verdict: "deny" }],
    },
    { call: "c2", from: 60, tier: 3, programs: push, approvals: [{ second: 50, by: "policy" }] },
    {
      call: "c3",
      from: 70,
      tier: 2,
      risk: ["secret_access"],
      paths: [{ path: "CLAUDE.md", access: "write" }],
    },
    { call: "c4", from: 80, tier: 2, risk: ["package_install"] },
  ],
  flows: [{ second: 75, listed: false, call: "c3", body: { bytes_out: 9 } }],
});

const inOrder = detect(shippedRules, busy);

test("a session of many faults shows each of them once", () => {
  expect(inOrder.map(({ body }) => body.rule).sort()).toEqual([
    "D-APR-01",
    "D-APR-02",
    "D-APR-02",
    "D-APR-03",
    "D-APR-06",
    "D-FS-02",
    "D-NET-01",
    "D-NET-02",
    "D-PKG-01",
    "D-SBX-01",
    "D-SEC-01",
  ]);
  expect(new Set(inOrder.map(({ key }) => JSON.stringify(key))).size).toBe(inOrder.length);
});

test("shuffled and repeated records, calls and flows give the same findings under the same keys", () => {
  const shuffled = <T>(items: readonly T[]): fc.Arbitrary<T[]> =>
    fc.shuffledSubarray([...items, ...items], { minLength: items.length * 2 });
  fc.assert(
    fc.property(
      shuffled<PlacedRecord>(busy.records),
      fc.shuffledSubarray([...busy.calls], { minLength: busy.calls.length }),
      shuffled(busy.flows),
      (records, calls, flows) => {
        expect(detect(shippedRules, { ...busy, records, calls, flows })).toEqual(inOrder);
      },
    ),
    { numRuns: 50 },
  );
});

test("records that come late change the findings to what they would have been", () => {
  const missing = busy.records.slice(0, 4);
  const early: Evidence = { ...busy, records: missing };
  expect(detect(shippedRules, early)).not.toEqual(inOrder);
  expect(
    detect(shippedRules, { ...busy, records: [...busy.records.slice(4), ...missing] }),
  ).toEqual(inOrder);
});

test("a finding says rule, version, severity and records, and waits for somebody", () => {
  const [first] = inOrder.filter(({ body }) => body.rule === "D-SBX-01");
  const start = busy.records[0]?.record.id;
  expect(first).toEqual({
    class: "finding",
    key: ["finding", "D-SBX-01", "1", "s1", "", "none", "none"],
    ts: at(0),
    session: "s1",
    body: {
      rule: "D-SBX-01",
      rule_version: "1",
      severity: "high",
      status: "open",
      refs: [start],
      case: "none",
      about: "none",
    },
  });
});

test("what is concluded from absence says that it is", () => {
  const absent = inOrder.filter(({ inferred }) => inferred).map(({ body }) => body.rule);
  expect([...new Set(absent)].sort()).toEqual(["D-APR-02", "D-PKG-01"]);
});

test("of two claims under one id neither clears: a yes that is contested is none", () => {
  const call = { call: "c1", from: 100, tier: 2, approvals: [{ second: 90 }] } as const;
  const evidence = evidenceOf({ calls: [call] });
  const rules = shippedRules.filter(({ id }) => id === "D-APR-02");
  expect(detect(rules, evidence)).toEqual([]);
  const twin = evidence.records
    .filter(({ record }) => record.class === "approval")
    .map((one) => ({ ...one, sha: "00".repeat(32) }));
  expect(detect(rules, { ...evidence, records: [...evidence.records, ...twin] })).toHaveLength(1);
});

test("an account under another's id hides nothing: what fires for either of two claims is found", () => {
  const evil = placed("session", 1, { event: "start", flags: ["yolo"] });
  const good = placed("session", 1, { event: "start" }, { id: evil.record.id });
  for (const records of [
    [evil, good],
    [good, evil],
  ])
    expect(found("D-APR-01", { records })).toEqual(["unconfined high"]);
});

test("hostile text is compared and never becomes a pattern: what would run away as one ends", () => {
  const long = "a".repeat(200_000);
  const words = ["-c", "(a+)+$", `${"(".repeat(50_000)}`, long, "A".repeat(200_000)];
  const hostile = evidenceOf({
    calls: Array.from({ length: 200 }, (_, index) => ({
      call: `c${index}`,
      from: index,
      tier: 3 as const,
      status: index % 2 === 0 ? ("denied" as const) : ("executed" as const),
      programs: [
        { program: "[[:alpha:]](*", words },
        { program: "rm", words: ["-rf", ".*", "$(x)", "^"] },
      ],
      paths: [{ path: `${"../".repeat(20_000)}x.*`, access: "write" as const }],
    })),
    records: [placed("session", 0, { event: "start", flags: [".*", "(?:yolo|x)+", long] })],
    flows: [{ second: 1, listed: false, body: { host: "*.(example)+" } }],
  });
  const rules = new Set(detect(shippedRules, hostile).map(({ body }) => body.rule));
  expect([...rules].sort()).toEqual(["D-APR-02", "D-APR-06", "D-NET-01"]);
});
