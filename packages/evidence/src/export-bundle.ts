import { dirname } from "node:path";
import type { LedgerReader } from "@custody/ledger/reader";
import type { Clock, Random, StoreReader } from "@custody/model";
import type { Signer } from "@custody/proof";
import {
  type GradeLine,
  paths,
  printPublicKeyPem,
  printRow,
  type ResultState,
  recordsPath,
  sealProofPath,
} from "@custody/verify";
import { writeArchive } from "./archive.ts";
import type { Catalogue } from "./catalogue.ts";
import { commitmentOf } from "./commitment.ts";
import { type WrittenControl, writeControl } from "./control-files.ts";
import { gradeLine } from "./grade-line.ts";
import { limits } from "./limits.ts";
import { writeManifest } from "./manifest-file.ts";
import { defaultOverlay, type Overlay } from "./overlay.ts";
import type { Period } from "./period.ts";
import type { OnProgress } from "./progress.ts";
import { openProofDesk, type ProofDesk } from "./proof-desk.ts";
import { readmeText } from "./readme.ts";
import { type Anchor, type Run, runControls } from "./run-controls.ts";
import { type CommittedRun, commitRun, type RunLedger } from "./run-record.ts";
import { openStaging, type Staging } from "./staging.ts";

export interface ExportInput {
  readonly reader: StoreReader;
  /** The ledger that is tested, open: the run is committed to it. */
  readonly ledger: RunLedger;
  readonly ledgerReader: LedgerReader;
  readonly catalogue: Catalogue;
  readonly period: Period;
  /** Who asked, as their credential names them. */
  readonly requestedBy: string;
  readonly purpose: string;
  /** The archive; it appears there only when it is complete. */
  readonly out: string;
  /** The bundle key: not the log's. */
  readonly signer: Signer;
  readonly clock: Clock;
  readonly random: Random;
  readonly generator: { readonly name: string; readonly version: string };
  readonly overlay?: Overlay;
  readonly anchors?: readonly Anchor[];
  readonly onProgress?: OnProgress;
}

export interface ExportSummary {
  readonly out: string;
  readonly bundle_id: string;
  readonly tenant: string;
  readonly period: Period & { readonly interim: boolean };
  readonly grades: GradeLine;
  readonly blind_spots: readonly string[];
  readonly controls: readonly {
    readonly id: string;
    readonly title: string;
    readonly result: ResultState;
    readonly population: number;
    readonly in_scope: number;
    readonly exceptions: number;
    readonly unable_because: readonly string[];
  }[];
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly root: string };
}

/** Path of the policies published before the range: they are in force within it. */
const earlierPolicies = "log/policies.jsonl";

/** Runs the controls, commits the run to the ledger, and packs everything an auditor needs to check it alone. */
export async function exportBundle(input: ExportInput): Promise<ExportSummary> {
  const staging = await openStaging(dirname(input.out));
  try {
    return await written(staging, input);
  } finally {
    await staging.remove();
  }
}

async function written(staging: Staging, input: ExportInput): Promise<ExportSummary> {
  const { ledger, ledgerReader, catalogue, clock, signer } = input;
  const { overlay = defaultOverlay, anchors = [] } = input;
  const bundleId = uuid(input.random.bytes(16));
  const before = await openProofDesk(ledgerReader, ledger.origin);
  const run = await runControls({
    ...input,
    tenant: ledger.tenant,
    ledger: ledger.origin,
    size: before.size,
    now: clock.now(),
    overlay,
    anchors,
    keep: {
      range: (name) => staging.open(recordsPath(name)),
      policies: () => staging.open(earlierPolicies),
    },
  });
  const controls = run.controls.map((control) =>
    writeControl(
      {
        staging,
        run,
        catalogue,
        overlay,
        checkpointBody: before.body,
        seed: `chosen by the exporter ${bundleId}`,
        anchors: anchors.length,
      },
      control,
    ),
  );
  input.onProgress?.({ stage: "commit", done: 0, total: 1 });
  const commitment = commitmentOf({
    bundleId,
    bundlePublicKey: signer.publicKey,
    run,
    catalogue,
    desk: before,
    staging,
  });
  const committed = await commitRun(ledger, input.reader, commitment);
  const desk = await openProofDesk(ledgerReader, ledger.origin, committed.size);
  const proofsLeftOut = await writeLog(staging, input, { before, desk, run, committed, controls });
  staging.put(paths.readme, readmeText({ run, bundleId, anchors: anchors.length, proofsLeftOut }));
  staging.put(paths.bundleKey, printPublicKeyPem(signer.publicKey));
  const vkey = ledger.vkey;
  const { requestedBy, purpose, generator } = input;
  await writeManifest(
    staging,
    {
      bundleId,
      run,
      committed,
      catalogue,
      anchors,
      desk,
      vkey,
      requestedBy,
      purpose,
      now: clock.now(),
      generator,
    },
    signer,
  );
  input.onProgress?.({ stage: "archive", done: 0, total: 1 });
  await writeArchive(staging, input.out, run.period.end);
  return summaryOf(input.out, bundleId, run, desk);
}

interface LogInput {
  readonly before: ProofDesk;
  readonly desk: ProofDesk;
  readonly run: Run;
  readonly committed: CommittedRun;
  readonly controls: readonly WrittenControl[];
}

/** Checkpoints, seals, the run's record and proofs, all under one checkpoint. Answers how many proofs there was no room for. */
async function writeLog(
  staging: Staging,
  { ledger, onProgress }: ExportInput,
  { before, desk, run, committed, controls }: LogInput,
): Promise<number> {
  const { opening, closing } = run.range;
  const seals = opening === undefined ? [closing] : [opening, closing];
  staging.put(paths.runCheckpoint, before.note);
  staging.put(paths.checkpoint, desk.note);
  staging.put(paths.consistency, await desk.growth(before.size));
  staging.put(paths.seals, seals.map(({ leaf, canonical }) => printRow(leaf, canonical)).join(""));
  staging.put(paths.run, printRow(committed.leaf, committed.canonical));
  staging.put(paths.runProof, await desk.inclusion(committed.leaf));
  staging.put(paths.logKeys, `${ledger.vkey}\n`);
  const places = new Map(seals.map(({ sha, leaf }) => [sha, leaf]));
  for (const { run: tested, drawn } of controls) {
    for (const { sha, leaf } of drawn.items) places.set(sha, leaf);
    for (const { place } of tested.exceptions)
      if (place !== undefined) places.set(place.sha, place.leaf);
  }
  const proved = [...places].slice(0, limits.proofsMax);
  let done = 0;
  for (const [sha, leaf] of proved) {
    // In turn: each reads a handful of tiles, most of them the same.
    staging.put(sealProofPath(sha), await desk.inclusion(leaf));
    done += 1;
    onProgress?.({ stage: "proofs", done, total: proved.length });
  }
  return places.size - proved.length;
}

function summaryOf(out: string, bundleId: string, run: Run, desk: ProofDesk): ExportSummary {
  return {
    out,
    bundle_id: bundleId,
    tenant: run.scope.tenant,
    period: run.period,
    grades: gradeLine(run.classes),
    blind_spots: run.blindSpots,
    controls: run.controls.map(({ control, result, items, inScope, exceptions }) => ({
      id: control.id,
      title: control.title,
      result: result.state,
      population: items.length,
      in_scope: inScope,
      exceptions: exceptions.length,
      unable_because: result.unableBecause,
    })),
    checkpoint: { origin: run.scope.ledger, size: desk.size, root: desk.root },
  };
}

/** RFC 9562, version 4. */
function uuid(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString("hex");
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join("-");
}
