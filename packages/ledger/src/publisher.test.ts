import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseSignedCheckpoint } from "@custody/proof";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fsck } from "./fsck.ts";
import { type Ledger, type LedgerInput, openLedger } from "./ledger.ts";
import { type Ledgers, openLedgers } from "./ledgers.ts";
import type { LedgerEvent, Step } from "./ports.ts";
import { createWorkbench, toolCall, type Workbench } from "./workbench.test-suite.ts";

let bench: Workbench;
let events: LedgerEvent[];
const open: (Ledger | Ledgers)[] = [];
beforeEach(async () => {
  bench = await createWorkbench();
  events = [];
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((ledger) => ledger.close()));
  await bench.remove();
});

const at = (path: string): string => join(bench.dir, "tenants/acme/ledgers/0", path);
const inputOf = (more: Partial<LedgerInput>): LedgerInput => {
  const input = bench.input({ onEvent: (event) => events.push(event), ...more });
  return { ...input, limits: { ...input.limits, sealAgeMsMin: 30_000, ...more.limits } };
};
const start = async (more: Partial<LedgerInput> = {}): Promise<Ledger> => {
  const ledger = await openLedger(inputOf(more));
  open.push(ledger);
  return ledger;
};
const names = (): string[] => events.map(({ name }) => name);

test("a signer that is out delays the checkpoint, and commits go on", async () => {
  let out = true;
  const { publicKey, sign } = bench.signer;
  const signer = {
    publicKey,
    sign: (message: Uint8Array) => {
      if (out) throw new Error("no route to the signer");
      return sign(message);
    },
  };
  const ledger = await start({ signer });
  const sealed = ledger.seal();
  await expect.poll(names).toContain("publish_retry");
  expect((await ledger.commit([toolCall({ id: 1 })])).outcome).toBe("committed");
  expect(await readdir(at("checkpoints"))).toEqual([]);
  expect(ledger.status()).toMatchObject({ state: "open", published: undefined, reason: "Error" });
  out = false;
  expect((await sealed).outcome).toBe("published");
});

test("a signer that answers with something else than a signature publishes nothing", async () => {
  const signer = { publicKey: bench.signer.publicKey, sign: () => new Uint8Array(64) };
  const ledger = await start({ signer, limits: { closeMsMax: 10 } });
  void ledger.seal();
  await expect.poll(names).toContain("publish_retry");
  expect(ledger.status().reason).toContain("SIGNATURE");
  expect(await readdir(at("checkpoints"))).toEqual([]);
});

test("while no checkpoint can be signed the journal grows to its limit and no further, and says what it waits for", async () => {
  const signer = {
    publicKey: bench.signer.publicKey,
    sign: () => Promise.reject(new Error("out")),
  };
  const limits = {
    journalBytesMax: 40_000,
    batchBytesMax: 20_000,
    closeMsMax: 10,
    backlogWaitMsMax: 2,
  };
  const ledger = await start({ signer, limits });
  const reasons = new Set<string>();
  for (let id = 0; id < 80; id++) {
    const verdict = await ledger.commit([toolCall({ id })]);
    if (verdict.outcome === "full") reasons.add(verdict.reason);
  }
  expect(reasons).toContain("the journal waits for a checkpoint");
});

test("tiles that changed between writing and signing stop the ledger, and opening it again mends them", async () => {
  let spoil = false;
  const onStep = (step: Step): void => {
    if (step !== "publish.tiled" || !spoil) return;
    spoil = false;
    const tile = at("tile/0/000.p/5");
    const bytes = readFileSync(tile);
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    writeFileSync(tile, bytes);
  };
  const { tenant: _, roster: __, ...input } = inputOf({ onStep });
  const ledgers = await openLedgers(input);
  open.push(ledgers);
  const first = await ledgers.get("acme");
  await first.seal();
  spoil = true;
  await first.commit([toolCall({ id: 1 }), toolCall({ id: 2 })]);
  expect(await first.seal()).toMatchObject({
    outcome: "waiting",
    reason: expect.stringContaining("SPLIT_VIEW"),
  });
  expect(first.status().state).toBe("fatal");
  const signed = parseSignedCheckpoint(await readFile(at("checkpoint"))).checkpoint;
  expect(signed.size).toBe(2);
  const second = await ledgers.get("acme");
  expect(second.origin).toBe(first.origin);
  expect((await second.seal()).outcome).toBe("published");
  const report = await fsck({
    dir: bench.dir,
    async *rows(origin, from, to) {
      for (const row of bench.store.rows(origin)) if (row.leaf >= from && row.leaf < to) yield row;
    },
  });
  expect(report.findings).toEqual([]);
});

test("a journal folder that cannot be synced ends the ledger: what is on the disk is known only after opening it again", async () => {
  let away = false;
  const onStep = (step: Step): void => {
    if (step === "batch.renamed" && away) renameSync(at("journal"), at("journal.away"));
  };
  const { tenant: _, roster: __, ...input } = inputOf({ onStep });
  const ledgers = await openLedgers(input);
  open.push(ledgers);
  const first = await ledgers.get("acme");
  away = true;
  const verdict = await first.commit([toolCall({ id: 1 })]);
  expect(verdict).toMatchObject({
    outcome: "failed",
    reason: expect.stringContaining("STATE_UNKNOWN"),
  });
  expect(await first.commit([toolCall({ id: 2 })])).toMatchObject({ outcome: "failed" });
  expect(names()).toContain("fatal");
  away = false;
  renameSync(at("journal.away"), at("journal"));
  const second = await ledgers.get("acme");
  // The batch was whole after all: it counts, and the sender that repeats it is told so.
  expect(await second.commit([toolCall({ id: 1 })])).toMatchObject({
    receipt: { count: 0, duplicates: 1 },
  });
});

test("seals that are asked for at once all wait for a checkpoint over what they saw", async () => {
  const ledger = await start();
  const heads = await Promise.all(
    [1, 2, 3].map(async (id) => {
      await ledger.commit([toolCall({ id })]);
      const { size } = ledger.status();
      const sealed = await ledger.seal();
      return sealed.outcome === "published" && sealed.head.size >= size;
    }),
  );
  expect(heads).toEqual([true, true, true]);
});

test("closing answers what was accepted, seals it, and takes nothing more", async () => {
  const ledger = await start({ limits: { batchAgeMsMax: 300 } });
  const waiting = ledger.commit([toolCall({ id: 1 })]);
  await new Promise((resolve) => setImmediate(resolve));
  await ledger.close();
  expect((await waiting).outcome).toBe("committed");
  expect(await ledger.commit([toolCall({ id: 2 })])).toEqual({
    outcome: "failed",
    reason: "the ledger is closed",
  });
  expect(ledger.status()).toMatchObject({ state: "closed", size: ledger.status().published?.size });
});
