import { generateKeyPairSync, sign } from "node:crypto";
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseSignedCheckpoint } from "@custody/proof";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FsckReport, fsck } from "./fsck.ts";
import { type Ledger, type LedgerInput, openLedger } from "./ledger.ts";
import { createMemoryStore, type MemoryStore } from "./memory-store.test-suite.ts";
import type { LedgerEvent } from "./ports.ts";
import { markLedgersRestored, snapshotLedgers } from "./snapshot.ts";
import { createWorkbench, toolCall, type Workbench } from "./workbench.test-suite.ts";

let bench: Workbench;
const open: Ledger[] = [];
beforeEach(async () => {
  bench = await createWorkbench();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((ledger) => ledger.close()));
  await bench.remove();
});

const start = async (more: Partial<LedgerInput> = {}): Promise<Ledger> => {
  const input = bench.input(more);
  // Seals come when a test asks for them.
  const limits = { ...input.limits, sealAgeMsMin: 30_000, ...more.limits };
  const ledger = await openLedger({ ...input, limits });
  open.push(ledger);
  return ledger;
};
const at = (...path: string[]): string => join(bench.dir, "tenants/acme/ledgers", ...path);
const callsIn = (store: MemoryStore, origin: string): (string | undefined)[] =>
  store
    .records(origin)
    .filter(({ class: name }) => name === "tool_call")
    .map(({ call }) => call);
const kinds = (store: MemoryStore, origin: string): (string | undefined)[] =>
  store.records(origin).map(({ class: name, body }) => body.kind ?? name);
const check = (store: MemoryStore, dir = bench.dir): Promise<FsckReport> =>
  fsck({
    dir,
    async *rows(origin, from, to) {
      for (const row of store.rows(origin)) if (row.leaf >= from && row.leaf < to) yield row;
    },
  });

/** Acknowledges records that neither reach the store nor a checkpoint, and stops as a crash does: without a word. */
async function crashWith(ids: readonly number[], more: Partial<LedgerInput> = {}): Promise<Ledger> {
  bench.store.down = true;
  const ledger = await start({
    limits: { closeMsMax: 20 },
    ...more,
  });
  for (const id of ids) await ledger.commit([toolCall({ id })]);
  // Closing with the store out leaves the same files as a kill does; kills are in test/fault.
  await ledger.close();
  bench.store.down = false;
  return ledger;
}

test("what was acknowledged and not stored is stored after a restart, on its own leaves", async () => {
  const first = await crashWith([1, 2, 3]);
  const second = await start();
  await second.seal();
  expect(second.origin).toBe(first.origin);
  expect(callsIn(bench.store, second.origin)).toEqual(["c1", "c2", "c3"]);
  expect(bench.store.repairs).toBeGreaterThan(0);
  expect((await check(bench.store)).findings).toEqual([]);
});

test("a delivery repeated after a restart is a duplicate, from the journal and from the store's claims", async () => {
  await crashWith([1]);
  const second = await start();
  expect(await second.commit([toolCall({ id: 1 })])).toMatchObject({
    receipt: { count: 0, duplicates: 1 },
  });
  await second.close();
  const third = await start();
  expect(await third.commit([toolCall({ id: 1 })])).toMatchObject({
    receipt: { count: 0, duplicates: 1 },
  });
});

test("without the store's claims a restart still works, and says what it could not ask", async () => {
  const events: LedgerEvent[] = [];
  const lookup = { recentClaims: () => Promise.reject(new Error("down")) };
  const ledger = await start({ lookup, onEvent: (event) => events.push(event) });
  expect((await ledger.commit([toolCall({ id: 1 })])).outcome).toBe("committed");
  expect(events).toEqual([{ name: "claims_unavailable", origin: ledger.origin, reason: "Error" }]);
});

test("a file that was never renamed was never acknowledged: it is deleted", async () => {
  await crashWith([1]);
  await writeFile(
    at("0/journal/0000000000000009-0000000000000010-0123456789abcdef.native.tmp"),
    "torn",
  );
  const second = await start();
  await second.seal();
  expect(await readdir(at("0/journal"))).toEqual([]);
});

test("after a torn file later files are set aside and counted, and the ledger goes on before it", async () => {
  await crashWith([1, 2, 3, 4]);
  const names = (await readdir(at("0/journal"))).sort();
  const torn = at("0/journal", names[3] ?? "");
  await writeFile(torn, (await readFile(torn)).subarray(0, -7));
  const second = await start();
  await second.commit([toolCall({ id: 9 })]);
  await second.seal();
  expect(callsIn(bench.store, second.origin)).toEqual(["c1", "c2", "c9"]);
  const found = bench.store.records(second.origin).find(({ body }) => body.kind === "verify");
  expect(found?.body.detail).toMatchObject({ check: "journal", discarded_files: names.length - 3 });
  expect((await readdir(at("0/quarantine"))).sort()).toEqual(names.slice(3));
  expect((await check(bench.store)).findings).toEqual([]);
});

test("after a gap later files are set aside and counted", async () => {
  await crashWith([1, 2, 3]);
  const names = (await readdir(at("0/journal"))).sort();
  await rm(at("0/journal", names[2] ?? ""));
  const second = await start();
  await second.seal();
  expect(callsIn(bench.store, second.origin)).toEqual(["c1"]);
  expect(kinds(bench.store, second.origin)).toContain("verify");
});

test("a batch file under another ledger's name is set aside", async () => {
  await crashWith([1]);
  const [name] = (await readdir(at("0/journal"))).sort();
  const bytes = await readFile(at("0/journal", name ?? ""));
  // The origin stands in the file once per row: one byte of it makes it another ledger's.
  const at0 = bytes.indexOf("trace.example.com");
  bytes[at0] = "T".charCodeAt(0);
  await writeFile(at("0/journal", name ?? ""), bytes);
  const second = await start();
  await second.seal();
  expect(callsIn(bench.store, second.origin)).toEqual([]);
});

test("a copied folder opens a new origin whose first record commits to the old one's last checkpoint", async () => {
  const first = await start();
  await first.commit([toolCall({ id: 1 })]);
  await first.close();
  const old = first.status().published;
  const copy = join(bench.dir, "copy");
  await cp(join(bench.dir, "tenants"), join(copy, "tenants"), { recursive: true });
  const second = await start({ dir: copy });
  expect(second.origin).not.toBe(first.origin);
  expect(second.origin).toMatch(/^trace\.example\.com\/acme\/1-[0-9a-f]{8}$/);
  await second.commit([toolCall({ id: 2 })]);
  await second.seal();
  const [record] = bench.store.records(second.origin);
  expect(record?.body).toEqual({
    kind: "origin",
    detail: {
      predecessor: first.origin,
      reason: "copied",
      size: old?.size,
      root: Buffer.from(old?.root ?? []).toString("hex"),
      tail: null,
    },
  });
  const seal = bench.store.records(second.origin).find(({ class: name }) => name === "seal");
  expect(seal?.body["roster"]).toEqual([
    { origin: second.origin, size: 3 },
    { origin: first.origin, size: old?.size },
  ]);
  expect((await check(bench.store, copy)).findings).toEqual([]);
});

test("what a copied folder had acknowledged and not stored is stored under its old leaves, and the new origin commits to it", async () => {
  const first = await crashWith([1, 2]);
  const copy = join(bench.dir, "copy");
  await cp(join(bench.dir, "tenants"), join(copy, "tenants"), { recursive: true });
  const second = await start({ dir: copy });
  await second.seal();
  await expect.poll(() => callsIn(bench.store, first.origin)).toEqual(["c1", "c2"]);
  const [record] = bench.store.records(second.origin);
  expect(record?.body.detail).toMatchObject({ size: 0, root: null, tail: { from: 0, to: 4 } });
  expect((await check(bench.store, copy)).findings).toEqual([]);
  const tampered = bench.store.rows(first.origin)[1];
  tampered?.canonical.set([0x20], 0);
  expect((await check(bench.store, copy)).findings).toEqual([
    { code: "tail_digest", origin: first.origin, at: 0 },
  ]);
});

test("a folder on another host opens a new origin", async () => {
  const first = await start();
  await first.close();
  const second = await start({ host: "host-2" });
  expect(second.origin).not.toBe(first.origin);
});

test("another log key opens a new origin", async () => {
  const first = await start();
  await first.close();
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(12);
  const second = await start({
    signer: { publicKey: raw, sign: (message) => sign(null, message, privateKey) },
  });
  expect(second.origin).not.toBe(first.origin);
});

test("a lost state is rebuilt from checkpoint, tiles and seal, and the next root is the uninterrupted one", async () => {
  const first = await start();
  await first.commit([toolCall({ id: 1 })]);
  await first.close();
  await rm(at("0/state.json"));
  const second = await start();
  expect(second.origin).toBe(first.origin);
  await second.commit([toolCall({ id: 2 })]);
  await second.seal();
  expect((await check(bench.store)).findings).toEqual([]);
});

test("a lost state whose seal cannot be had opens a new origin", async () => {
  const first = await start();
  await first.close();
  await rm(at("0/state.json"));
  const second = await start({ lookup: {} });
  expect(second.origin).not.toBe(first.origin);
  await second.seal();
  expect(bench.store.records(second.origin)[0]?.body.detail).toMatchObject({
    reason: "state_lost",
  });
});

test("a state restored from before the last checkpoint opens a new origin", async () => {
  const first = await start();
  await first.seal();
  const old = await readFile(at("0/state.json"));
  await first.commit([toolCall({ id: 1 })]);
  await first.close();
  await writeFile(at("0/state.json"), old);
  const second = await start();
  expect(second.origin).not.toBe(first.origin);
  await second.seal();
  expect(bench.store.records(second.origin)[0]?.body.detail).toMatchObject({
    reason: "state_stale",
  });
});

test("a folder whose tiles do not have the signed root opens a new origin", async () => {
  const first = await start();
  await first.close();
  const { published } = first.status();
  const tile = at(`0/tile/0/000.p/${published?.size}`);
  const bytes = await readFile(tile);
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  await writeFile(tile, bytes);
  const second = await start();
  expect(second.origin).not.toBe(first.origin);
});

test("a journal that is behind the store opens a new origin: a leaf number is never used twice", async () => {
  const first = await start({ limits: { sealAgeMsMin: 60_000, batchAgeMsMax: 1, closeMsMax: 1 } });
  await first.seal();
  const before = await cpFolder();
  await first.commit([toolCall({ id: 1 })]);
  await expect.poll(() => callsIn(bench.store, first.origin)).toEqual(["c1"]);
  await first.close();
  // The same inodes with an older content, as a rolled-back disk image has them.
  for (const name of await readdir(at("0/journal"))) await rm(at("0/journal", name));
  await writeFile(at("0/state.json"), before.state);
  for (const name of await readdir(at("0/checkpoints"))) {
    if (!before.notes.includes(name)) await rm(at("0/checkpoints", name));
  }
  const second = await start();
  expect(second.origin).not.toBe(first.origin);
  await second.seal();
  expect(bench.store.records(second.origin)[0]?.body.detail).toMatchObject({
    reason: "journal_lost",
  });
});

async function cpFolder(): Promise<{ state: Buffer; notes: string[] }> {
  return { state: await readFile(at("0/state.json")), notes: await readdir(at("0/checkpoints")) };
}

test("a successor whose creation was cut short is created again", async () => {
  const first = await start();
  await first.close();
  await mkdir(at("1/journal"), { recursive: true });
  await rename(at("0/identity.json"), at("0/identity.copy"));
  await cp(at("0/identity.copy"), at("0/identity.json"));
  const second = await start();
  expect(second.origin).toMatch(/\/1-/);
});

test("a checkpoint that was noted but not published is published with the same root at the next start", async () => {
  const first = await start();
  await first.commit([toolCall({ id: 1 })]);
  await first.close();
  const note = await readFile(at("0/checkpoint"));
  const { size } = parseSignedCheckpoint(note).checkpoint;
  await rm(at("0/checkpoint"));
  await rm(at(`0/checkpoints/${String(size).padStart(20, "0")}.note`));
  const second = await start();
  await second.seal();
  expect(await readFile(at(`0/checkpoints/${String(size).padStart(20, "0")}.note`))).toEqual(note);
  expect((await check(bench.store)).findings).toEqual([]);
});

test("a start whose records cannot be journalled is refused", async () => {
  const first = await start();
  await first.close();
  await rm(at("0/journal"), { recursive: true });
  await writeFile(at("0/journal"), "a file where the folder was");
  await expect(start()).rejects.toThrow();
});

test("a store in memory that starts empty gets nothing twice", async () => {
  const first = await start();
  await first.commit([toolCall({ id: 1 })]);
  await first.close();
  const empty = createMemoryStore();
  const second = await start({ store: empty, lookup: empty });
  await second.seal();
  expect(callsIn(empty, second.origin)).toEqual([]);
});

test("a snapshot taken while records arrive and are published has every leaf under its checkpoint or in its journal", async () => {
  const ledger = await start();
  await ledger.commit([toolCall({ id: 1 })]);
  await ledger.seal();
  const letGo = ledger.retain();
  const into = join(bench.dir, "snapshots/one");
  const snapshot = await snapshotLedgers(bench.dir, into);
  await ledger.commit([toolCall({ id: 2 })]);
  // Stored, published and due to be deleted between the two halves of the copy.
  await ledger.seal();
  await ledger.commit([toolCall({ id: 3 })]);
  const [mark] = await snapshot.finish();
  letGo();
  const { size = 0 } = ledger.status();
  expect(mark).toMatchObject({ origin: ledger.origin, current: true, size });
  const published = mark?.checkpoint?.size ?? 0;
  expect(published).toBeLessThan(size);
  await markLedgersRestored(into, "back-up 1");

  // Brought to a place of its own, with the store of the moment between the halves.
  const copy = join(bench.dir, "copy");
  await rename(into, copy);
  const restored = await start({ dir: copy, store: bench.store });
  await restored.seal();
  expect(restored.origin).not.toBe(ledger.origin);
  const [opening] = bench.store.records(restored.origin);
  expect(opening?.body).toMatchObject({
    kind: "origin",
    detail: {
      predecessor: ledger.origin,
      reason: "restored",
      size: published,
      tail: { from: published, to: size },
    },
  });
  expect((await check(bench.store, copy)).findings).toEqual([]);
  // The original goes on, and deletes what it kept.
  await ledger.seal();
  expect((await readdir(at("0/journal"))).length).toBe(0);
  expect((await check(bench.store)).findings).toEqual([]);
});

test("a snapshot whose journal was not retained says so instead of lacking leaves", async () => {
  const ledger = await start();
  await ledger.commit([toolCall({ id: 1 })]);
  await ledger.seal();
  const snapshot = await snapshotLedgers(bench.dir, join(bench.dir, "snapshots/one"));
  await ledger.commit([toolCall({ id: 2 })]);
  await ledger.seal();
  await ledger.commit([toolCall({ id: 3 })]);
  await expect(snapshot.finish()).rejects.toMatchObject({ code: "FOLDER_FORMAT" });
});
