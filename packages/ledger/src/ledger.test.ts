import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { canonicalText } from "@custody/model";
import { merkleRoot, parseSignedCheckpoint, parseVkey, verifyCheckpoint } from "@custody/proof";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hexOf, sha256, treeHasher } from "./digest.ts";
import { checkSignature } from "./ed25519.ts";
import { openLedger } from "./ledger.ts";
import { createWorkbench, toolCall, type Workbench } from "./workbench.test-suite.ts";

let bench: Workbench;
beforeEach(async () => {
  bench = await createWorkbench();
});
afterEach(() => bench.remove());

const folder = (): string => join(bench.dir, "tenants", "acme", "ledgers", "0");
const digestOf = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();

/** The root over what the store holds, by the reference algorithm. */
function rootOfStore(origin: string, size: number): string {
  const rows = bench.store.rows(origin).slice(0, size);
  return hexOf(
    merkleRoot(
      treeHasher,
      rows.map((row) => treeHasher.leaf(digestOf(row.canonical))),
    ),
  );
}

test("what was committed is stored, and stands under a checkpoint whose root is that of its leaves", async () => {
  const ledger = await openLedger(bench.input());
  const verdict = await ledger.commit([toolCall({ id: 1 }), toolCall({ id: 2 })]);
  expect(verdict).toMatchObject({ outcome: "committed", receipt: { count: 2, duplicates: 0 } });
  const sealed = await ledger.seal();
  if (sealed.outcome !== "published") throw new Error(sealed.reason);
  const note = await readFile(join(folder(), "checkpoint"));
  const signed = parseSignedCheckpoint(note);
  expect(signed.checkpoint).toMatchObject({ origin: ledger.origin, size: sealed.head.size });
  expect(hexOf(signed.checkpoint.root)).toBe(rootOfStore(ledger.origin, sealed.head.size));
  const key = parseVkey(sha256, ledger.vkey);
  expect(await verifyCheckpoint(checkSignature, signed, [key])).toMatchObject({
    verdict: "verified",
  });
  const classes = bench.store.records(ledger.origin).map((record) => record.class);
  expect(classes).toEqual(["integrity", "tool_call", "tool_call", "seal"]);
  expect(await readdir(join(folder(), "journal"))).toEqual([]);
  await ledger.close();
});

test("the bytes of a leaf are the canonical bytes of the record with its time of receipt", async () => {
  const ledger = await openLedger(bench.input());
  const sent = toolCall({ id: 1 });
  await ledger.commit([sent]);
  await ledger.seal();
  const row = bench.store.rows(ledger.origin)[1];
  const expected = canonicalText({ ...sent.record, rx: "2026-11-23T07:00:00.000000000Z" });
  expect(Buffer.from(row?.canonical ?? []).toString()).toBe(expected);
  expect(Buffer.from(row?.sha ?? []).toString("hex")).toBe(
    createHash("sha256").update(expected).digest("hex"),
  );
  await ledger.close();
});

test("a ledger that is closed and opened again continues at its next leaf, with one root per size", async () => {
  const first = await openLedger(bench.input());
  await first.commit([toolCall({ id: 1 })]);
  await first.close();
  const published = first.status().published;
  const second = await openLedger(bench.input());
  expect(second.origin).toBe(first.origin);
  await second.commit([toolCall({ id: 2 })]);
  const sealed = await second.seal();
  if (sealed.outcome !== "published") throw new Error(sealed.reason);
  expect(sealed.head.size).toBeGreaterThan(published?.size ?? 0);
  expect(hexOf(sealed.head.root)).toBe(rootOfStore(second.origin, sealed.head.size));
  await second.close();
});
