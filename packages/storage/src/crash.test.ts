import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { BatchFile } from "@custody/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { at, id, writeBatch } from "./scenario.test-suite.ts";
import { openStore, type Store } from "./store.ts";
import { day } from "./story.test-suite.ts";
import type { RepairStep } from "./writer.ts";

const child = fileURLToPath(new URL("./crash.test-child.mjs", import.meta.url));
const recordsPerFile = 300;
let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "custody-crash-"));
});
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** Batch files of one ledger: every third record has two content values. */
function journalOf(ledger: string, files: number): readonly BatchFile[] {
  return Array.from({ length: files }, (_, number) =>
    writeBatch({
      dir: join(dir, ledger),
      ledger,
      rx: at(day, number),
      from: number * recordsPerFile,
      records: Array.from({ length: recordsPerFile }, (__, index) => ({
        id: id(number * recordsPerFile + index),
        class: "observation",
        session: `s-${index % 7}`,
        call: `c-${index}`,
        body: { state: "reported", trust: "tool_output" },
        ...(index % 3 === 0 ? { content: { content: `a ${index}`, excerpt: `b ${index}` } } : {}),
      })),
    }),
  );
}

interface Death {
  readonly signal: NodeJS.Signals | null;
  readonly stored: number;
}

/** Runs the child until it dies, by its own hand or `afterMs` after it was ready. */
async function die(args: readonly string[], afterMs?: number): Promise<Death> {
  const process_ = spawn(process.execPath, [child, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let told = "";
  let complaint = "";
  process_.stderr.on("data", (text: Buffer) => {
    complaint += text.toString("utf8");
  });
  process_.stdout.on("data", (text: Buffer) => {
    const first = told === "";
    told += text.toString("utf8");
    if (first && afterMs !== undefined) void wait(afterMs).then(() => process_.kill("SIGKILL"));
  });
  const signal = await new Promise<NodeJS.Signals | null>((resolve) => {
    process_.once("exit", (_, ended) => resolve(ended));
  });
  expect(complaint).toBe("");
  return { signal, stored: told.split("\n").filter((line) => line.startsWith("stored")).length };
}

async function heldOf(store: Store, ledger: string): Promise<unknown> {
  const [row] = await store.reader.rows({
    sql: `SELECT
      (SELECT (count(), uniqExact(leaf)) FROM records WHERE ledger = {ledger:String}) AS records,
      (SELECT (count(), uniqExact(leaf, path)) FROM content WHERE ledger = {ledger:String}) AS content,
      (SELECT (count(), uniqExact(leaf)) FROM claims WHERE ledger = {ledger:String}) AS claims`,
    params: { ledger },
  });
  return row;
}

/** What all targets hold of so many files, each leaf once. */
function whole(files: number): unknown {
  const rows = `${files * recordsPerFile}`;
  const content = `${files * (recordsPerFile / 3) * 2}`;
  return { records: [rows, rows], content: [content, content], claims: [rows, rows] };
}

const steps: readonly (readonly [RepairStep, number, number, number])[] = [
  ["before-records", 0, 0, 0],
  ["after-records", 300, 0, 0],
  ["after-content", 300, 200, 0],
  ["after-claims", 300, 200, 300],
  ["before-sessions", 300, 200, 300],
];

test.each(steps)(
  "killed %s, a repair gives every target each leaf once",
  async (step, records, content, claims) => {
    const ledger = `killed-${step}`;
    const [file] = journalOf(ledger, 1);
    const death = await die(["step", join(dir, "store"), join(dir, ledger), ledger, step]);
    expect(death.signal).toBe("SIGKILL");
    const store = await openStore({ kind: "embedded", dir: join(dir, "store") });
    try {
      expect(await heldOf(store, ledger)).toMatchObject({
        records: [`${records}`, `${records}`],
        content: [`${content}`, `${content}`],
        claims: [`${claims}`, `${claims}`],
      });
      expect(await store.writer.insert(file as BatchFile, { repair: true })).toEqual({
        outcome: "stored",
      });
      expect(await heldOf(store, ledger)).toEqual(whole(1));
      const sessions = await store.reader.rows({
        sql: "SELECT uniqExact(session) AS n FROM sessions",
        params: {},
      });
      expect(sessions).toEqual([{ n: "7" }]);
    } finally {
      await store.close();
    }
  },
);

test("killed at any moment while storing, nothing that was said stored is lost, and a repair completes the rest", async () => {
  const ledger = "killed-anywhere";
  const files = journalOf(ledger, 40);
  let begun = 0;
  for (let round = 0; round < 5; round++) {
    const death = await die(
      ["loop", join(dir, "store"), join(dir, ledger), ledger, `${begun}`],
      40 + Math.random() * 400,
    );
    expect(death.signal).toBe("SIGKILL");
    const store = await openStore({ kind: "embedded", dir: join(dir, "store") });
    try {
      const [row] = await store.reader.rows({
        sql: "SELECT countIf(n = {size:UInt64}) AS complete FROM (SELECT intDiv(leaf, {size:UInt64}) AS file, count() AS n FROM records WHERE ledger = {ledger:String} GROUP BY file)",
        params: { ledger, size: recordsPerFile },
      });
      expect(Number(row?.["complete"])).toBeGreaterThanOrEqual(begun + death.stored);
      // The ledger does the same at its start: every file that may have been touched is repaired, in order.
      begun += death.stored + 1;
      for (const file of files.slice(0, begun)) {
        expect(await store.writer.insert(file, { repair: true })).toEqual({ outcome: "stored" });
      }
      expect(await heldOf(store, ledger)).toEqual(whole(begun));
    } finally {
      await store.close();
    }
  }
});
