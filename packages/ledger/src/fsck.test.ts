import { createHash } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BatchRow } from "@custody/model";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FsckReport, fsck, fsckCodes } from "./fsck.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import { createWorkbench, toolCall, type Workbench } from "./workbench.test-suite.ts";

let bench: Workbench;
let ledger: Ledger;
let rows: BatchRow[];
/** Three seals over 300 records: more than one full tile. */
beforeEach(async () => {
  bench = await createWorkbench();
  const input = bench.input();
  ledger = await openLedger({ ...input, limits: { ...input.limits, sealAgeMsMin: 60_000 } });
  for (const from of [0, 100, 200]) {
    await ledger.commit(
      Array.from({ length: 100 }, (_, n) => toolCall({ id: from + n, seq: from + n })),
    );
    await ledger.seal();
  }
  await ledger.close();
  rows = bench.store.rows(ledger.origin);
});
afterEach(() => bench.remove());

const at = (path: string): string => join(bench.dir, "tenants/acme/ledgers/0", path);
const check = (): Promise<FsckReport> =>
  fsck({
    dir: bench.dir,
    async *rows(_, from, to) {
      for (const row of rows) if (row.leaf >= from && row.leaf < to) yield row;
    },
  });
const codes = async (): Promise<string[]> => [
  ...new Set((await check()).findings.map(({ code }) => code)),
];
const flip = async (path: string, index: number): Promise<void> => {
  const bytes = await readFile(at(path));
  bytes[index] = (bytes[index] ?? 0) ^ 1;
  await writeFile(at(path), bytes);
};
/** Replaces text inside one row's canonical bytes and, where asked, makes its hash fit again. */
const edit = (leaf: number, from: string, to: string, rehash = false): void => {
  const row = rows[leaf];
  if (row === undefined) throw new Error("no such leaf");
  const text = Buffer.from(row.canonical).toString("utf8");
  if (!text.includes(from)) throw new Error(`leaf ${leaf} has no ${from}`);
  const canonical = Buffer.from(text.replace(from, to));
  rows[leaf] = { ...row, canonical, ...(rehash ? { sha: digest(canonical) } : {}) };
};
const digest = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();

test("an untouched ledger is clean, and the report says what was looked at", async () => {
  const report = await check();
  expect(report).toEqual({
    ledgers: 1,
    leaves: rows.length,
    rows: rows.length,
    checkpoints: 3,
    seals: 3,
    rowsChecked: true,
    findings: [],
    omitted: 0,
  });
  expect(rows.length).toBe(1 + 300 + 3 + 3);
});

test("without a store the report says that rows were not checked", async () => {
  expect(await fsck({ dir: bench.dir })).toMatchObject({
    rowsChecked: false,
    rows: 0,
    findings: [],
  });
});

test("an edited row is found by its hash, and one whose hash was made to fit by its entry", async () => {
  edit(5, "executed", "rejected");
  expect((await check()).findings).toEqual([{ code: "row_hash", origin: ledger.origin, at: 5 }]);
  edit(5, "rejected", "refused!", true);
  expect((await check()).findings).toEqual([{ code: "row_entry", origin: ledger.origin, at: 5 }]);
});

test("a hidden row is found once, and the checks go on behind it", async () => {
  rows.splice(50, 1);
  expect((await check()).findings).toEqual([
    { code: "row_missing", origin: ledger.origin, at: 50, detail: "1 rows" },
  ]);
  rows.splice(-4);
  expect((await check()).findings.map(({ code, detail }) => [code, detail])).toEqual([
    ["row_missing", "1 rows"],
    ["row_missing", "4 rows"],
  ]);
});

test("a row that stands twice is found", async () => {
  const row = rows[7];
  if (row !== undefined) rows.splice(8, 0, row);
  expect(await codes()).toEqual(["row_extra"]);
});

test("a row that is no record is found", async () => {
  const row = rows[9];
  if (row !== undefined) rows[9] = { ...row, canonical: Buffer.from("{}") };
  expect(await codes()).toEqual(["row_hash", "row_format"]);
});

test("a time of receipt that falls is found", async () => {
  edit(9, '"rx":"2026', '"rx":"2025');
  expect(await codes()).toEqual(["row_hash", "row_rx"]);
});

test.each([
  ["counts", '"tool_call":200', '"tool_call":199', "seal_counts"],
  ["accumulator", '"acc":{"integrity":"', '"acc":{"integrity":"0', "row_format"],
  ["chain", '"prev":"', '"prev":"0', "seal_chain"],
  ["range", '"from":', '"from":1', "seal_range"],
  ["gaps", '"gaps":0', '"gaps":1', "seal_gaps"],
  ["high-water marks", '"hw_digest":"', '"hw_digest":"0', "seal_high_water"],
])("a seal whose %s was changed is found", async (_, from, to, code) => {
  const seals = rows.filter(({ canonical }) => Buffer.from(canonical).includes('"class":"seal"'));
  edit(seals[1]?.leaf ?? 0, from, to);
  expect(await codes()).toContain(code);
});

test("a changed class moves a record between accumulators, which the next seal tells", async () => {
  edit(5, '"class":"tool_call"', '"class":"decision"');
  expect(await codes()).toEqual(["row_hash", "seal_counts", "seal_accumulator"]);
});

test("a changed tile, a missing one, and a changed or missing entry bundle are found", async () => {
  await flip("tile/0/000", 40);
  expect(await codes()).toEqual(["tile_content"]);
  await rm(at("tile/0/000"));
  expect(await codes()).toEqual(["tile_missing"]);
  await flip("tile/entries/000", 40);
  expect(await codes()).toContain("checkpoint_root");
  await rm(at("tile/entries/000"));
  expect(await codes()).toContain("entries_missing");
});

test("a changed checkpoint, one of another key and one that is missing are found", async () => {
  const note = `checkpoints/${String(rows.length).padStart(20, "0")}.note`;
  const text = await readFile(at(note), "utf8");
  await flip(note, text.indexOf("\n\n") - 6);
  expect(await codes()).toEqual(["checkpoint_signature", "checkpoint_root", "checkpoint_missing"]);
  await writeFile(at(note), "nonsense");
  expect(await codes()).toContain("checkpoint_format");
  await writeFile(at(note), text);
  await rm(at("checkpoint"));
  expect(await codes()).toEqual(["checkpoint_missing"]);
});

test("rows below a pruned leaf are not expected, and the checks begin at the next seal", async () => {
  rows.splice(0, 150);
  const report = await fsck({
    dir: bench.dir,
    prunedTo: () => 150,
    async *rows(_, from, to) {
      for (const row of rows) if (row.leaf >= from && row.leaf < to) yield row;
    },
  });
  expect(report.findings).toEqual([]);
  expect(report.seals).toBe(2);
});

test("a torn journal file and a gap in the journal are found", async () => {
  const name = `journal/${"0".repeat(13)}400-${"0".repeat(13)}401-0123456789abcdef.native`;
  await writeFile(at(name), "torn");
  expect(await codes()).toEqual(["journal_gap"]);
  await rm(at(name));
  const next = String(rows.length).padStart(16, "0");
  await writeFile(at(`journal/${next}-${"0".repeat(13)}999-0123456789abcdef.native`), "torn");
  expect(await codes()).toEqual(["journal_torn"]);
});

test("a crash between a checkpoint's two files is clean; one that is two behind is found", async () => {
  const note = async (back: number): Promise<Buffer> => {
    const names = (await readdir(at("checkpoints"))).sort();
    return readFile(at(`checkpoints/${names.at(-1 - back)}`));
  };
  await writeFile(at("checkpoint"), await note(1));
  expect(await codes()).toEqual([]);
  await writeFile(at("checkpoint"), await note(2));
  expect(await codes()).toEqual(["checkpoint_missing"]);
});

test("a ledger that is written meanwhile is clean, however the checks fall between its checkpoints", async () => {
  const input = bench.input();
  ledger = await openLedger({ ...input, limits: { ...input.limits, sealAgeMsMin: 1 } });
  let writing = 3;
  const write = async (lane: number): Promise<void> => {
    for (let n = 0; n < 200; n++) await ledger.commit([toolCall({ id: lane * 1_000 + n })]);
    writing -= 1;
  };
  const lanes = [1, 2, 3].map(write);
  const live = (): Promise<FsckReport> =>
    fsck({
      dir: bench.dir,
      async *rows(origin, from, to) {
        for (const row of bench.store.rows(origin)) {
          if (row.leaf >= from && row.leaf < to) yield row;
        }
      },
    });
  const findings = [];
  while (writing > 0) findings.push(...(await live()).findings);
  await Promise.all(lanes);
  await ledger.close();
  expect(findings).toEqual([]);
});

test("the finding codes are a closed list without repeats", () => {
  expect(new Set(fsckCodes).size).toBe(fsckCodes.length);
});
