import { describe, expect, test } from "vitest";
import { foundInDay } from "../../../test/detections/replay.ts";
import {
  agentAuth,
  at,
  authorityAuth,
  internalAuth,
  placed,
} from "../../../test/support/placed-record.ts";

describe("D-APR-05", () => {
  const yes = (second: number, more: object = {}) =>
    placed(
      "approval",
      second,
      { verdict: "allow", by: "human", scope: "once", raw: "yes", primary: true, ...more },
      { auth: authorityAuth, call: `c${second}` },
    );
  const stamped = (count: number, apart: number, more: object = {}) =>
    Array.from({ length: count }, (_, index) => yes(index * apart, more));
  const by = (records: readonly ReturnType<typeof yes>[], tier: 1 | 2, approver = "usr_bob") =>
    records.map(({ record }) => ({ record: record.id, approver, tier }));

  test("fires once for a person who says yes to twenty calls of weight within ten minutes", () => {
    const records = stamped(25, 30);
    expect(foundInDay("D-APR-05", { records, approvals: by(records, 2) })).toEqual([
      "burst low usr_bob 2026-11-23",
    ]);
  });

  test("fires for a person whose yes comes sooner than a question can be read", () => {
    const records = stamped(20, 100, { latency_ms: 300 });
    expect(foundInDay("D-APR-05", { records, approvals: by(records, 1) })).toEqual([
      "instant low usr_bob 2026-11-23",
    ]);
  });

  test("stays silent for fewer, slower, lighter ones, for those of several people, and for a setting's yes", () => {
    const quiet = [
      [stamped(19, 30), 2],
      [stamped(25, 40), 2],
      [stamped(25, 30), 1],
      [stamped(19, 100, { latency_ms: 300 }), 2],
      [stamped(30, 100, { latency_ms: 500 }), 2],
      [stamped(25, 30, { by: "policy" }), 2],
      [stamped(25, 30, { verdict: "deny" }), 2],
    ] as const;
    for (const [records, tier] of quiet)
      expect(foundInDay("D-APR-05", { records, approvals: by(records, tier) })).toEqual([]);
    const records = stamped(30, 20);
    const shared = [...by(records.slice(0, 15), 2), ...by(records.slice(15), 2, "usr_ann")];
    expect(foundInDay("D-APR-05", { records, approvals: shared })).toEqual([]);
    expect(foundInDay("D-APR-05", { records })).toEqual([]);
  });
});

/** A record of our own, of no session. */
const ours = (second: number, kind: "gap" | "verify" | "conflict" | "origin", detail: object) =>
  placed("integrity", second, { kind, detail: { ...detail } }, { auth: internalAuth });

describe("D-TEL-01", () => {
  const gap = { source: "laptop-1", epoch: "e", from: 4, to: 6, cause: "unknown", status: "open" };

  test("fires for a gap that is open, for a silent source, and for a time in which we were not there", () => {
    const records = [
      ours(1, "gap", gap),
      ours(2, "gap", { source: "laptop-2", cause: "silent", status: "open", from: at(0) }),
      ours(3, "gap", { kind: "downtime", from: at(0), to: at(300) }),
    ];
    expect(foundInDay("D-TEL-01", { records })).toEqual([
      "gap high laptop-1 e 4",
      "silent high laptop-2 2026-11-23T07:28:00.000000000Z",
      "downtime medium downtime 2026-11-23T07:28:00.000000000Z",
    ]);
  });

  test("stays silent for a gap that was closed, for a minute's downtime, and for what an agent says of gaps", () => {
    const closed = [ours(1, "gap", gap), ours(5, "gap", { ...gap, status: "closed" })];
    expect(foundInDay("D-TEL-01", { records: closed })).toEqual([]);
    const short = ours(3, "gap", { kind: "downtime", from: at(0), to: at(60) });
    expect(foundInDay("D-TEL-01", { records: [short] })).toEqual([]);
    const claim = placed(
      "integrity",
      9,
      { kind: "gap", detail: { ...gap, status: "closed" } },
      { auth: agentAuth },
    );
    expect(foundInDay("D-TEL-01", { records: [ours(1, "gap", gap), claim] })).toHaveLength(1);
  });
});

describe("D-LOG-01", () => {
  test("fires for a failed verification, a ledger that goes on elsewhere, a conflict and a torn end", () => {
    const records = [
      ours(1, "verify", { check: "fsck", result: "mismatch" }),
      ours(2, "origin", { predecessor: "log/0", reason: "copied" }),
      ours(3, "conflict", { record: "r" }),
      ours(4, "verify", { check: "journal", discarded_files: 2, discarded_bytes: 9 }),
    ];
    expect(foundInDay("D-LOG-01", { records })).toEqual([
      "failed critical",
      "reopened high",
      "conflict medium",
      "discarded low",
    ]);
  });

  test("stays silent for a clean verification, for a first ledger, and for what others say of ours", () => {
    const lie = placed(
      "integrity",
      5,
      { kind: "verify", detail: { result: "failed" } },
      { auth: agentAuth },
    );
    const records = [
      ours(1, "verify", { check: "fsck", result: "ok", ok: true }),
      ours(2, "origin", {}),
      lie,
    ];
    expect(foundInDay("D-LOG-01", { records })).toEqual([]);
  });
});

describe("D-LOG-02", () => {
  const read = (second: number, body: object, who = "usr_eve") =>
    placed(
      "access",
      second,
      { action: "query", object: "records", result: "ok", ...body } as const,
      { auth: internalAuth, actor: { id: who, type: "human" } },
    );
  const refused = { action: "export", result: "refused" };

  test("fires for a key that is turned away again and again, for much content, and for an export without a purpose", () => {
    const records = [
      ...Array.from({ length: 30 }, (_, second) => read(second, refused)),
      read(40, { action: "content", rows: 6_000 }),
      read(41, { action: "content", rows: 6_000 }),
      read(50, { action: "export" }),
      read(51, { action: "open_disclosure", purpose: " " }),
    ];
    expect(foundInDay("D-LOG-02", { records })).toEqual([
      "refused medium usr_eve 2026-11-23",
      "bulk medium usr_eve 2026-11-23",
      "purposeless medium usr_eve 2026-11-23",
    ]);
  });

  test("stays silent for reads of metadata, for few refusals, for a stated purpose, and for many who each read little", () => {
    const records = [
      ...Array.from({ length: 20 }, (_, second) => read(second, refused)),
      ...Array.from({ length: 20 }, (_, second) => read(second, { rows: 9_000 })),
      read(40, { action: "content", rows: 6_000 }),
      read(41, { action: "content", rows: 6_000 }, "usr_bob"),
      read(50, { action: "export", purpose: "period end" }),
    ];
    expect(foundInDay("D-LOG-02", { records })).toEqual([]);
  });
});
