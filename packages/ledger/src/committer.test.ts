import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { CommitVerdict } from "@custody/model";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Ledger, openLedger } from "./ledger.ts";
import type { LedgerLimits } from "./limits.ts";
import type { StoredRecord } from "./memory-store.test-suite.ts";
import { createWorkbench, toolCall, type Workbench } from "./workbench.test-suite.ts";

let bench: Workbench;
let ledger: Ledger;
beforeEach(async () => {
  bench = await createWorkbench();
});
afterEach(async () => {
  await ledger.close();
  await bench.remove();
});

/** Seals come when a test asks for them. */
const quiet = { sealAgeMsMin: 5_000, sealAgeMsMax: 60_000 };
const open = async (limits: Partial<LedgerLimits> = {}): Promise<void> => {
  const base = bench.input();
  ledger = await openLedger({ ...base, limits: { ...base.limits, ...quiet, ...limits } });
};
const journal = (): Promise<string[]> => readdir(join(bench.dir, "tenants/acme/ledgers/0/journal"));
const receipt = (verdict: CommitVerdict) => {
  if (verdict.outcome !== "committed") throw new Error(JSON.stringify(verdict));
  return verdict.receipt;
};
/** Own records apart, the rest in leaf order. */
const stored = async (name?: string): Promise<StoredRecord[]> => {
  await ledger.seal();
  const records = bench.store.records(ledger.origin);
  return name === undefined ? records : records.filter((record) => record.class === name);
};
const integrity = async (kind: string) =>
  (await stored("integrity")).filter((record) => record.body.kind === kind);

test("the same delivery twice adds its leaves once, and the second answer counts the duplicates", async () => {
  await open();
  const delivery = [toolCall({ id: 1 }), toolCall({ id: 2 })];
  expect(receipt(await ledger.commit(delivery))).toMatchObject({ count: 2, duplicates: 0 });
  expect(receipt(await ledger.commit(delivery))).toMatchObject({ count: 0, duplicates: 2 });
  expect(await stored("tool_call")).toHaveLength(2);
});

test("duplicates inside one batch are found before it is on the disk", async () => {
  await open({ batchAgeMsMax: 50 });
  const verdicts = await Promise.all([1, 1, 2, 1].map((id) => ledger.commit([toolCall({ id })])));
  expect(verdicts.map((verdict) => receipt(verdict).count)).toEqual([1, 0, 1, 0]);
});

test("the same id with another claim is kept beside the first, with one conflict record for their action", async () => {
  await open();
  await ledger.commit([toolCall({ id: 1, says: "allowed" })]);
  const second = receipt(await ledger.commit([toolCall({ id: 1, says: "denied" })]));
  expect(second).toMatchObject({ count: 2, duplicates: 0 });
  const calls = await stored("tool_call");
  expect(calls.map(({ attrs }) => attrs["says"])).toEqual(["allowed", "denied"]);
  const [conflict, ...others] = await integrity("conflict");
  expect(others).toEqual([]);
  expect(conflict).toMatchObject({ session: "s1", call: "c1", grade: "derived" });
  const rows = bench.store.rows(ledger.origin);
  const denied = rows.find(({ canonical }) => Buffer.from(canonical).includes('"says":"denied"'));
  expect(conflict?.body.detail).toMatchObject({
    record: calls[0]?.id,
    first: { leaf: 1 },
    second: { leaf: denied?.leaf, sha: Buffer.from(denied?.sha ?? []).toString("hex") },
  });
});

test("a contradiction that is repeated is recorded once", async () => {
  await open();
  const sides = ["allowed", "denied", "allowed", "denied"];
  for (const says of sides) await ledger.commit([toolCall({ id: 1, says })]);
  expect(await stored("tool_call")).toHaveLength(2);
  expect(await integrity("conflict")).toHaveLength(1);
});

test("two ledgers that hear two sides in opposite order record the same conflict", async () => {
  await open();
  for (const says of ["allowed", "denied"]) await ledger.commit([toolCall({ id: 1, says })]);
  const [here] = await integrity("conflict");
  const other = await createWorkbench("other");
  const mirrored = await openLedger(other.input());
  for (const says of ["denied", "allowed"]) await mirrored.commit([toolCall({ id: 1, says })]);
  await mirrored.close();
  const there = other.store.records(mirrored.origin).find(({ body }) => body.kind === "conflict");
  await other.remove();
  expect(there?.id).toBe(here?.id);
});

test("a record that has no canonical form fails its own call and nobody else's", async () => {
  await open({ batchAgeMsMax: 50 });
  const verdicts = await Promise.all([
    ledger.commit([toolCall({ id: 1 })]),
    ledger.commit([toolCall({ id: 2 }), toolCall({ id: 3, bytes: 70_000 })]),
    ledger.commit([toolCall({ id: 4 })]),
  ]);
  expect(verdicts.map(({ outcome }) => outcome)).toEqual(["committed", "failed", "committed"]);
  expect(verdicts[1]).toMatchObject({ reason: expect.stringContaining("RECORD_BYTES") });
  const calls = await stored("tool_call");
  expect(calls.map(({ call }) => call)).toEqual(["c1", "c4"]);
});

test("calls that wait together are written as one batch file and answered in leaf order", async () => {
  bench.store.down = true;
  await open({ batchAgeMsMax: 50 });
  const before = (await journal()).length;
  const order: number[] = [];
  await Promise.all(
    [1, 2, 3, 4, 5].map((id) => ledger.commit([toolCall({ id })]).then(() => order.push(id))),
  );
  expect(order).toEqual([1, 2, 3, 4, 5]);
  expect((await journal()).length - before).toBe(1);
  bench.store.down = false;
});

test("a call larger than a batch spans several files, and its receipt covers all its leaves", async () => {
  bench.store.down = true;
  await open({ batchRecordsMax: 3 });
  const before = (await journal()).length;
  const many = Array.from({ length: 8 }, (_, id) => toolCall({ id }));
  const { batch, count } = receipt(await ledger.commit(many));
  expect((await journal()).length - before).toBe(3);
  bench.store.down = false;
  await ledger.seal();
  const shas = bench.store
    .rows(ledger.origin)
    .slice(1, 9)
    .map(({ sha }) => sha);
  expect({ batch, count }).toEqual({
    batch: createHash("sha256").update(Buffer.concat(shas)).digest("hex"),
    count: 8,
  });
});

test("a batch is closed at its byte limit", async () => {
  bench.store.down = true;
  await open({ batchBytesMax: 4_096 });
  const before = (await journal()).length;
  await ledger.commit([1, 2, 3, 4].map((id) => toolCall({ id, bytes: 1_200 })));
  expect((await journal()).length - before).toBe(2);
  bench.store.down = false;
});

test("while the store is out commits go on until the journal is full, and again when it is back", async () => {
  bench.store.down = true;
  await open({ journalBytesMax: 20_000, batchBytesMax: 20_000, backlogWaitMsMax: 5 });
  const verdicts: CommitVerdict[] = [];
  for (let id = 0; id < 60; id++) verdicts.push(await ledger.commit([toolCall({ id })]));
  const last = verdicts.at(-1);
  expect(verdicts[0]?.outcome).toBe("committed");
  expect(last).toEqual({ outcome: "full", retryAfterMs: 1_000, reason: "the journal is full" });
  expect(ledger.status().journalBytes).toBeLessThanOrEqual(21_000);
  const acknowledged = verdicts.filter(({ outcome }) => outcome === "committed").length;
  bench.store.down = false;
  expect(await stored("tool_call")).toHaveLength(acknowledged);
  expect((await ledger.commit([toolCall({ id: 99 })])).outcome).toBe("committed");
});

test("a time of receipt never decreases, and a clock that stepped back is recorded", async () => {
  await open();
  bench.clock.millis += 60_000;
  await ledger.commit([toolCall({ id: 1 })]);
  bench.clock.millis -= 30_000;
  await ledger.commit([toolCall({ id: 2 })]);
  const times = (await stored()).map(({ rx }) => rx);
  expect(times).toEqual([...times].sort());
  expect(times.at(-1)).toBe("2026-11-23T07:01:00.000000000Z");
  const [clock] = await integrity("clock");
  expect(clock?.body.detail).toMatchObject({ behind_ms: 30_000 });
});

test("high-water marks of sources that count stand before the seal, which holds their digest", async () => {
  await open();
  await ledger.commit([
    toolCall({ id: 1, seq: 4 }),
    toolCall({ id: 2, seq: 9 }),
    toolCall({ id: 3, seq: 7 }),
  ]);
  await ledger.commit([toolCall({ id: 4 })]);
  const records = await stored();
  const [hw] = await integrity("hw");
  expect(hw?.body.detail["sources"]).toEqual([["src_1", "e1", 9]]);
  const seal = records.find((record) => record.class === "seal");
  const index = records.findIndex((record) => record.class === "seal");
  expect(records[index - 1]).toEqual(hw);
  const row = bench.store.rows(ledger.origin)[index - 1];
  const sha = createHash("sha256")
    .update(row?.canonical ?? "")
    .digest();
  expect(seal?.body["hw_digest"]).toBe(createHash("sha256").update(sha).digest("hex"));
});

test("a seal counts the leaves since the ledger began, by class, and folds their hashes", async () => {
  await open();
  await ledger.commit([toolCall({ id: 1 }), toolCall({ id: 2 })]);
  await ledger.seal();
  await ledger.commit([toolCall({ id: 3 })]);
  const seals = await stored("seal");
  expect(seals).toHaveLength(2);
  const [first, second] = seals.map(({ body }) => body);
  expect(first).toMatchObject({
    from: 0,
    to: 3,
    prev: null,
    counts: { integrity: 1, tool_call: 2 },
  });
  const rows = bench.store.rows(ledger.origin);
  const sha = (leaf: number): Buffer =>
    createHash("sha256")
      .update(rows[leaf]?.canonical ?? "")
      .digest();
  expect(second).toMatchObject({
    from: 4,
    to: 5,
    prev: sha(3).toString("hex"),
    counts: { integrity: 1, tool_call: 3 },
    roster: [{ origin: ledger.origin, size: 5 }],
    config_digest: "c0".repeat(32),
    gaps: 0,
  });
  const fold = (acc: Buffer, leaf: number): Buffer =>
    createHash("sha256")
      .update(Buffer.concat([Buffer.of(2), acc, sha(leaf)]))
      .digest();
  const acc = [1, 2, 4].reduce(fold, Buffer.alloc(32));
  expect(second?.acc["tool_call"]).toBe(acc.toString("hex"));
});

test("a roster that would not fit a seal is cut, and the last entry counts the rest", async () => {
  const others = Array.from({ length: 1_500 }, (_, n) => ({
    origin: `elsewhere.example/acme/${n}-00000000`,
    size: n,
  }));
  const input = bench.input();
  ledger = await openLedger({ ...input, roster: () => others });
  const [seal] = await stored("seal");
  const roster = seal?.body["roster"];
  expect(roster).toHaveLength(401);
  expect(roster).toContainEqual({ origin: "(and more)", size: 1_101 });
  expect(roster).toContainEqual({ origin: ledger.origin, size: 1 });
});

test("only the ledger writes seals", async () => {
  await open();
  const seal = ledger.record({
    class: "seal",
    key: ["mine"],
    body: {
      from: 0,
      to: 0,
      prev: null,
      counts: {},
      acc: {},
      config_digest: "",
      roster: [],
      hw_digest: null,
      gaps: 0,
    },
  });
  expect(await ledger.commit([seal])).toEqual({
    outcome: "failed",
    reason: "only the ledger writes seals",
  });
});

test("an idle ledger seals again and again, and never more than once per interval", async () => {
  const sealAgeMsMax = 40;
  await open({ sealAgeMsMin: 5, sealAgeMsMax });
  await ledger.seal();
  const before = bench.store.records(ledger.origin).length;
  const began = performance.now();
  const added = (): readonly { readonly class: string }[] =>
    bench.store.records(ledger.origin).slice(before);
  while (added().length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
  const intervals = (performance.now() - began) / sealAgeMsMax;
  expect(added().length).toBeLessThanOrEqual(Math.ceil(intervals) + 1);
  expect(new Set(added().map((record) => record.class))).toEqual(new Set(["seal"]));
});

test("a change of configuration is journalled before it is committed to by a seal", async () => {
  await open();
  await ledger.seal();
  expect(
    (await ledger.announceConfig({ digest: "d1".repeat(32), detail: { content: "sealed" } }))
      .outcome,
  ).toBe("committed");
  const configs = await integrity("config");
  expect(configs.map(({ body }) => [body.detail["reason"], body.detail["digest"]])).toEqual([
    ["start", "c0".repeat(32)],
    ["change", "d1".repeat(32)],
  ]);
  const seals = await stored("seal");
  expect(seals.at(-1)?.body["config_digest"]).toBe("d1".repeat(32));
});

test("seals more than two minutes apart are downtime, which the next seal counts as a gap", async () => {
  await open();
  await ledger.close();
  bench.clock.millis += 121_000;
  await open();
  const gaps = await integrity("gap");
  expect(gaps.map(({ body }) => body.detail)).toEqual([
    {
      kind: "downtime",
      from: "2026-11-23T07:00:00.000000000Z",
      to: "2026-11-23T07:02:01.000000000Z",
    },
  ]);
  expect((await stored("seal")).at(-1)?.body["gaps"]).toBe(1);
});
