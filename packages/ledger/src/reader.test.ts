import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import {
  checkTlogProof,
  parseCheckpoint,
  parseEntryBundle,
  parseNote,
  parseTlogProof,
  verifyConsistency,
} from "@custody/proof";
import { afterAll, beforeAll, expect, test } from "vitest";
import { treeHasher } from "./digest.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import { type LedgerReader, openLedgerReader } from "./reader.ts";
import { createWorkbench, toolCall, type Workbench } from "./workbench.test-suite.ts";

let bench: Workbench;
let ledger: Ledger;
let reader: LedgerReader;
const sizes: number[] = [];

beforeAll(async () => {
  bench = await createWorkbench("reader");
  const input = bench.input();
  ledger = await openLedger({ ...input, limits: { ...input.limits, sealAgeMsMin: 60_000 } });
  reader = openLedgerReader(bench.dir);
  for (const count of [5, 100, 180, 300]) {
    const first = bench.store.rows(ledger.origin).length + 10_000 * sizes.length;
    await ledger.commit(Array.from({ length: count }, (_, n) => toolCall({ id: first + n })));
    const sealed = await ledger.seal();
    if (sealed.outcome === "published") sizes.push(sealed.head.size);
  }
});
afterAll(async () => {
  await ledger.close();
  await bench.remove();
});

const sha = (leaf: number): Uint8Array =>
  createHash("sha256")
    .update(bench.store.rows(ledger.origin)[leaf]?.canonical ?? "")
    .digest();
const rootAt = async (size: number): Promise<Uint8Array> => {
  const note = (await reader.checkpointAt(ledger.origin, size)) ?? "";
  return parseCheckpoint(parseNote(Buffer.from(note)).text).root;
};

test("the ledgers of a data folder are listed with the keys that verify them", async () => {
  const entry = { tenant: "acme", origin: ledger.origin, vkey: ledger.vkey, current: true };
  expect(await reader.origins()).toEqual([entry]);
  expect(await reader.origins("other")).toEqual([]);
});

test("every published size keeps its checkpoint, and the newest is the one polled", async () => {
  expect(await reader.checkpointSizes(ledger.origin)).toEqual(sizes);
  const newest = sizes.at(-1) ?? 0;
  expect(await reader.checkpoint(ledger.origin)).toBe(
    await reader.checkpointAt(ledger.origin, newest),
  );
  expect(await reader.checkpointAt(ledger.origin, newest - 1)).toBeUndefined();
  expect(await reader.checkpointAt(ledger.origin, -1)).toBeUndefined();
});

test("the proof of any leaf leads from its record to the newest root", async () => {
  const newest = sizes.at(-1) ?? 0;
  for (const leaf of [0, 1, 5, 255, 256, 257, newest - 1]) {
    const answer = await reader.proof(ledger.origin, leaf);
    if (answer.outcome !== "proved") throw new Error(answer.outcome);
    const proof = parseTlogProof(Buffer.from(answer.text));
    expect(answer.text.startsWith("c2sp.org/tlog-proof@v1\n")).toBe(true);
    expect(checkTlogProof(treeHasher, proof, treeHasher.leaf(sha(leaf))).verdict).toBe("ok");
    expect(checkTlogProof(treeHasher, proof, treeHasher.leaf(sha(leaf + 1))).verdict).toBe(
      "root_mismatch",
    );
  }
});

test("a leaf without a checkpoint is not published yet, and one of no ledger is not found", async () => {
  const newest = sizes.at(-1) ?? 0;
  expect(await reader.proof(ledger.origin, newest)).toEqual({
    outcome: "not_published",
    published: newest,
  });
  expect(await reader.proof(ledger.origin, -1)).toEqual({ outcome: "not_found" });
  expect(await reader.proof("trace.example.com/acme/9-00000000", 0)).toEqual({
    outcome: "not_found",
  });
});

test("any two published sizes are proved to be one growing tree", async () => {
  for (const fromSize of sizes) {
    for (const toSize of sizes.filter((size) => size >= fromSize)) {
      const answer = await reader.consistency(ledger.origin, fromSize, toSize);
      if (answer.outcome !== "proved") throw new Error(answer.outcome);
      const [fromRoot, toRoot] = [await rootAt(fromSize), await rootAt(toSize)];
      const claim = { fromSize, fromRoot, toSize, toRoot, proof: answer.hashes };
      expect(verifyConsistency(treeHasher, claim)).toBe("ok");
    }
  }
  expect(await reader.consistency(ledger.origin, 10, 5)).toEqual({ outcome: "not_found" });
});

test("tiles hold the hashes of the leaves, also where a partial one was deleted for the full one", async () => {
  const full = await reader.tile(ledger.origin, "tile/0/000");
  if (full.outcome !== "found") throw new Error(full.outcome);
  expect(full.bytes).toHaveLength(256 * 32);
  expect(Buffer.from(full.bytes.subarray(32 * 7, 32 * 8))).toEqual(treeHasher.leaf(sha(7)));
  const folder = join(bench.dir, "tenants/acme/ledgers/0/tile/0");
  expect(await readdir(folder)).not.toContain("000.p");
  const partial = await reader.tile(ledger.origin, "tile/0/000.p/7");
  expect(partial).toEqual({ outcome: "found", bytes: full.bytes.subarray(0, 7 * 32) });
  const bundle = await reader.tile(ledger.origin, "tile/entries/000.p/7");
  if (bundle.outcome !== "found") throw new Error(bundle.outcome);
  expect(parseEntryBundle(bundle.bytes).map((entry) => Buffer.from(entry))).toEqual(
    [0, 1, 2, 3, 4, 5, 6].map(sha),
  );
});

test.each([
  "tile/0/../../identity.json",
  "../key",
  "tile/0/000.p/0",
  "tile/0/x000/000",
  "tile/0/0",
  "checkpoint",
  "",
])("the path %j is no tile", async (path) => {
  expect(await reader.tile(ledger.origin, path)).toEqual({ outcome: "bad_path" });
});

test("a tile past the published tree is not found", async () => {
  expect(await reader.tile(ledger.origin, "tile/0/x001/000")).toEqual({ outcome: "not_found" });
  expect(await reader.tile("nobody/acme/0", "tile/0/000")).toEqual({ outcome: "not_found" });
});

test("the status tells journalled leaves from published ones", async () => {
  const newest = sizes.at(-1) ?? 0;
  expect(await reader.status(ledger.origin)).toEqual({ size: newest, published: newest });
  await ledger.commit([toolCall({ id: 999_999 })]);
  expect(await reader.status(ledger.origin)).toEqual({ size: newest + 1, published: newest });
  expect(await reader.status("nobody/acme/0")).toBeUndefined();
});
