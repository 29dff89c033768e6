import { dirname } from "node:path";
import type { LedgerReader } from "@custody/ledger/reader";
import type { Clock, Random, StoreReader } from "@custody/model";
import type { Signer } from "@custody/proof";
import {
  type GradeLine,
  paths,
  printPublicKeyPem,
  type ResultState,
  recordsPath,
} from "@custody/verify";
import { writeArchive } from "./archive.ts";
import type { Catalogue } from "./catalogue.ts";
import { commitmentOf } from "./commitment.ts";
import { type WrittenControl, writeControl } from "./control-files.ts";
import { gradeLine } from "./grade-line.ts";
import { writeLogFiles } from "./log-files.ts";
import { writeManifest } from "./manifest-file.ts";
import { defaultOverlay, type Overlay } from "./overlay.ts";
import type { Period } from "./period.ts";
import { checkPrevious, type PreviousBundle } from "./previous-bundle.ts";
import type { OnProgress } from "./progress.ts";
import { openProofDesk, type ProofDesk } from "./proof-desk.ts";
import { readmeText } from "./readme.ts";
import { type Anchor, type Run, runControls } from "./run-controls.ts";
import { commitRun, type RunLedger } from "./run-record.ts";
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
  /** An earlier bundle of this ledger that the reader holds: this one then proves that the log only grew since. */
  readonly previous?: PreviousBundle;
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
  const { ledger, ledgerReader, catalogue, clock, signer, anchors = [], onProgress } = input;
  const { previous } = input;
  if (previous !== undefined) await checkPrevious(ledgerReader, ledger.origin, previous);
  const bundleId = uuid(input.random.bytes(16));
  // What was heard until now belongs to the run; where the store is out, the newest checkpoint there is must do.
  await ledger.seal();
  const before = await openProofDesk(ledgerReader, ledger.origin);
  const { run, controls } = await tested(staging, input, before, bundleId);
  onProgress?.({ stage: "commit", done: 0, total: 1 });
  const bundlePublicKey = signer.publicKey;
  const commitment = { bundleId, bundlePublicKey, run, catalogue, desk: before, staging };
  const committed = await commitRun(ledger, input.reader, commitmentOf(commitment));
  const desk = await openProofDesk(ledgerReader, ledger.origin, committed.size);
  const { vkey } = ledger;
  const log = { before, desk, run, committed, controls, vkey, previous, onProgress };
  const proofsLeftOut = await writeLogFiles(staging, log);
  const readme = { run, bundleId, anchors: anchors.length, proofsLeftOut };
  staging.put(paths.readme, readmeText(readme));
  staging.put(paths.bundleKey, printPublicKeyPem(bundlePublicKey));
  const { requestedBy, purpose, generator } = input;
  const named = { bundleId, catalogue, anchors, vkey, requestedBy, purpose, generator, previous };
  await writeManifest(staging, { ...named, run, committed, desk, now: clock.now() }, signer);
  onProgress?.({ stage: "archive", done: 0, total: 1 });
  await writeArchive(staging, input.out, run.period.end);
  return summaryOf(input.out, bundleId, run, desk);
}

/** Runs the controls and writes what they found; nothing of it is signed or committed yet. */
async function tested(
  staging: Staging,
  input: ExportInput,
  { size, body }: ProofDesk,
  bundleId: string,
): Promise<{ run: Run; controls: readonly WrittenControl[] }> {
  const { ledger, catalogue, clock, overlay = defaultOverlay, anchors = [] } = input;
  const run = await runControls({
    ...input,
    tenant: ledger.tenant,
    ledger: ledger.origin,
    size,
    now: clock.now(),
    overlay,
    anchors,
    keep: {
      range: (name) => staging.open(recordsPath(name)),
      policies: () => staging.open(earlierPolicies),
    },
  });
  const files = {
    staging,
    run,
    catalogue,
    overlay,
    checkpointBody: body,
    seed: `chosen by the exporter ${bundleId}`,
    anchors: anchors.length,
  };
  return { run, controls: run.controls.map((control) => writeControl(files, control)) };
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
