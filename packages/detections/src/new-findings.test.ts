import { createHash } from "node:crypto";
import {
  type LedgerRecord,
  type PlacedRecord,
  recordIdText,
  recordVersion,
  winningFindings,
} from "@custody/model";
import fc from "fast-check";
import { expect, test } from "vitest";
import { evidenceOf } from "../../../test/detections/replay.ts";
import { shippedRules } from "../../../test/detections/shipped-rules.ts";
import { placed } from "../../../test/support/placed-record.ts";
import { detect, type FindingFact } from "./detect.ts";
import type { Evidence } from "./evidence.ts";
import { newFindings } from "./new-findings.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 32);

const push = [{ program: "git", words: ["push", "origin", "main"] }];
/** Findings that a later yes takes back (c2), and some that stay. */
const busy = evidenceOf({
  records: [placed("session", 0, { event: "start", flags: ["yolo"], sandbox_mode: "none" })],
  calls: [
    {
      call: "c1",
      from: 10,
      tier: 2,
      status: "denied",
      approvals: [{ second: 9, verdict: "deny" }],
    },
    { call: "c2", from: 60, tier: 2, programs: push, approvals: [{ second: 50 }] },
    { call: "c3", from: 70, tier: 2, risk: ["secret_access"] },
    { call: "c4", from: 80, tier: 2, risk: ["package_install"], approvals: [{ second: 79 }] },
  ],
  flows: [{ second: 75, listed: false, call: "c3", body: { bytes_out: 9 } }],
});

/** A finding as our ledger would hold it. */
function stored(fact: FindingFact): PlacedRecord {
  const id = hash(recordIdText("acme", "custody", "custody", [...fact.key, "finding"]));
  const auth = { method: "internal", kind: "internal", subject: "custody" } as const;
  const { key: _, inferred, ...said } = fact;
  const record: LedgerRecord<"finding"> = {
    v: recordVersion,
    ...said,
    id,
    tenant: "acme",
    rx: fact.ts,
    nonce: "",
    grade: inferred ? "inferred" : "derived",
    src: { id: "jobs", epoch: "", auth },
    dialect: { name: "custody", version: "1" },
  };
  return { ledger: "l", leaf: 0, sha: hash(JSON.stringify(record)), record };
}

/** The evidence as it was when only these records had come. */
function knownBy(records: readonly PlacedRecord[]): Evidence {
  const ids = new Set(records.map(({ record }) => record.id));
  const calls = busy.calls.map((call) => ({
    ...call,
    records: call.records.filter((id) => ids.has(id)),
  }));
  return { ...busy, records, calls: calls.filter((call) => call.records.length > 0) };
}

/** One look of the job: what it writes after what was written before. */
function look(records: readonly PlacedRecord[], before: readonly PlacedRecord[]): PlacedRecord[] {
  const evidence = knownBy(records);
  const basis = new Set(records.map(({ record }) => record.id)).size;
  const winners = winningFindings(before);
  const written = newFindings(detect(shippedRules, evidence), {
    tenant: "acme",
    rules: shippedRules,
    basis,
    winners,
    hash,
  });
  return [...before, ...written.map(stored)];
}

function open(written: readonly PlacedRecord[]): readonly string[] {
  return [...winningFindings(written).values()]
    .filter(({ body }) => body.status === "open")
    .map(({ body, call = "" }) => [body.rule, body.case, call, ...body.refs].join(" "))
    .sort();
}

const atOnce = open(look(busy.records, []));

test("a session that is looked at once, when all of it is there, has what its rules find", () => {
  expect(atOnce.map((one) => one.split(" ").slice(0, 3).join(" "))).toEqual([
    "D-APR-01 unconfined ",
    "D-APR-02 t2 c3",
    "D-NET-01 allowed c3",
    "D-NET-02 sent c3",
    "D-SBX-01 none ",
    "D-SEC-01 found c3",
  ]);
});

test("looks at any prefixes of any order, late and repeated, end in the same open findings", () => {
  const orders = fc.shuffledSubarray([...busy.records, ...busy.records], {
    minLength: busy.records.length * 2,
  });
  const looks = fc.array(fc.nat(busy.records.length * 2), { maxLength: 6 });
  fc.assert(
    fc.property(orders, looks, (records, cuts) => {
      let written: PlacedRecord[] = [];
      for (const cut of cuts.toSorted((left, right) => left - right))
        written = look(records.slice(0, cut), written);
      expect(open(look(records, written))).toEqual(atOnce);
    }),
    { numRuns: 60 },
  );
});

test("a look from before, told late, changes nothing: of one finding the record that knew most counts", () => {
  const late = look(busy.records.slice(0, 5), []);
  const whole = look(busy.records, []);
  expect(open([...whole, ...late])).toEqual(atOnce);
  expect(look(busy.records.slice(0, 5), whole)).toEqual(whole);
});

test("nothing is written where nothing differs", () => {
  const whole = look(busy.records, []);
  expect(look(busy.records, whole)).toEqual(whole);
});

test("what more knowledge no longer supports is taken back under its own identity", () => {
  const approvals = new Set(
    busy.records.filter(({ record }) => record.class === "approval").map(({ record }) => record.id),
  );
  const early = look(
    busy.records.filter(({ record }) => !approvals.has(record.id)),
    [],
  );
  expect(open(early)).toContainEqual(expect.stringContaining("D-APR-02 t2 c2"));
  const later = look(busy.records, early);
  const [back] = later
    .slice(early.length)
    .map(({ record }) => record as LedgerRecord<"finding">)
    .filter(({ call }) => call === "c2");
  const [first] = early
    .map(({ record }) => record as LedgerRecord<"finding">)
    .filter(({ call }) => call === "c2");
  expect(back?.body).toMatchObject({ status: "withdrawn", finding: first?.body.finding });
  expect(open(later)).toEqual(atOnce);
});

test("findings of rules that were not asked are left as they are", () => {
  const whole = look(busy.records, []);
  const basis = busy.records.length + 1;
  expect(
    newFindings([], { tenant: "acme", rules: [], basis, winners: winningFindings(whole), hash }),
  ).toEqual([]);
});

test("what somebody else writes under the name of a finding is no rule's word", () => {
  const whole = look(busy.records, []);
  const forged = whole.map((one) => ({
    ...one,
    record: {
      ...one.record,
      id: "0".repeat(32),
      src: { ...one.record.src, auth: { method: "bearer", kind: "agent", subject: "x" } as const },
      body: { ...one.record.body, status: "withdrawn", basis: 9_999 },
    } as LedgerRecord,
  }));
  expect(open([...whole, ...forged])).toEqual(atOnce);
});
