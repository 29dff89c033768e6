import { afterEach, beforeEach, expect, test } from "vitest";
import { type Ledger, openLedger } from "./ledger.ts";
import type { StageDone } from "./ports.ts";
import { createWorkbench, toolCall, type Workbench } from "./workbench.test-suite.ts";

let bench: Workbench;
let ledger: Ledger;
let told: StageDone[];
beforeEach(async () => {
  bench = await createWorkbench("stages");
  told = [];
});
afterEach(async () => {
  await ledger.close();
  await bench.remove();
});

const opened = async (): Promise<void> => {
  ledger = await openLedger(bench.input({ onStage: (done) => told.push(done) }));
};
const of = (stage: StageDone["stage"]): readonly StageDone[] =>
  told.filter((done) => done.stage === stage);
const covered = (stage: StageDone["stage"]): number =>
  of(stage).reduce((sum, { from, to }) => sum + to - from, 0);

test("every leaf is told once at each stage it passed, with the bytes it had there", async () => {
  await opened();
  await ledger.commit([toolCall({ id: 1 }), toolCall({ id: 2 })]);
  await ledger.commit([toolCall({ id: 3 })]);
  const verdict = await ledger.seal();
  const { size } = ledger.status();
  expect(verdict.outcome).toBe("published");
  expect([
    covered("journalled"),
    covered("stored"),
    covered("sealed"),
    covered("published"),
  ]).toEqual([size, size, size, size]);
  expect(of("stored").reduce((sum, { bytes }) => sum + bytes, 0)).toBe(
    of("journalled").reduce((sum, { bytes }) => sum + bytes, 0),
  );
  expect(of("stored").reduce((sum, { waitedMs }) => sum + waitedMs.length, 0)).toBe(
    of("journalled").length,
  );
  for (const done of told) {
    expect(done).toMatchObject({ tenant: "acme", origin: ledger.origin });
    expect(done.durationMs).toBeGreaterThanOrEqual(0);
    expect(done.bytes).toBeGreaterThan(0);
  }
});

test("a listener that throws takes nothing from the ledger", async () => {
  ledger = await openLedger(
    bench.input({
      onStage: () => {
        throw new Error("a faulty listener");
      },
    }),
  );
  expect((await ledger.commit([toolCall({ id: 1 })])).outcome).toBe("committed");
  expect((await ledger.seal()).outcome).toBe("published");
});

test("while the store is out the age of what is under no checkpoint grows, and with the checkpoint it ends", async () => {
  await opened();
  await ledger.seal();
  expect(ledger.status().publishLagMs).toBe(0);
  bench.store.down = true;
  await ledger.commit([toolCall({ id: 1 })]);
  const early = ledger.status();
  await new Promise((resolve) => setTimeout(resolve, 30));
  const late = ledger.status();
  expect(late.publishLagMs).toBeGreaterThan(early.publishLagMs);
  expect(late.journalFiles).toBeGreaterThan(0);
  expect(late.heldBytes).toBeGreaterThanOrEqual(late.journalBytes);
  bench.store.down = false;
  await ledger.seal();
  expect(ledger.status().publishLagMs).toBe(0);
});

test("the age of the newest seal is told, and a seal begins it anew", async () => {
  await opened();
  await ledger.seal();
  const before = ledger.status().sealAgeMs;
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(ledger.status().sealAgeMs).toBeGreaterThan(before);
  const sealed = of("sealed").length;
  await ledger.commit([toolCall({ id: 1 })]);
  await ledger.seal();
  expect(of("sealed").length).toBeGreaterThan(sealed);
});
