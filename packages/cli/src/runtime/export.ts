import { join } from "node:path";
import { type ExportSummary, exportBundle, loadCatalogue, periodEdge } from "@custody/evidence";
import { ensureFileSigner } from "@custody/ledger";
import { openLedgerReader } from "@custody/ledger/reader";
import type { ExportDesk } from "@custody/query-api";
import type { Runtime } from "./runtime.ts";
import { productVersion } from "./version.ts";
import { systemClock, systemRandom } from "./world.ts";

export type ExportRequest = Parameters<ExportDesk["start"]>[0];

/** How far an export is: a step in words, and the share of the whole that is done, 0 to 1. */
export type OnExportStep = (progress: { readonly step: string; readonly done: number }) => void;

const stages = ["records", "controls", "commit", "proofs", "archive"] as const;

/** Runs the controls over a period and writes the bundle, with the bundle key of this data folder. */
export async function writeExport(
  runtime: Runtime,
  request: ExportRequest,
  out: string,
  onStep: OnExportStep,
): Promise<ExportSummary> {
  const catalogue = await loadCatalogue(
    request.controls.length === 0 ? {} : { only: request.controls },
  );
  const ledger = await runtime.ledgers.get(request.tenant);
  // What was acknowledged before the request is under the checkpoint that the run is computed at.
  await ledger.seal();
  return exportBundle({
    reader: runtime.store.reader,
    ledger,
    ledgerReader: openLedgerReader(runtime.data),
    catalogue,
    period: { start: periodEdge(request.from), end: periodEdge(request.to) },
    requestedBy: request.requestedBy,
    purpose: request.purpose,
    ...(request.previous === undefined ? {} : { previous: request.previous }),
    out,
    signer: await ensureFileSigner(join(runtime.data, "bundle.key")),
    clock: systemClock,
    random: systemRandom,
    generator: { name: "custody", version: productVersion },
    onProgress: ({ stage, done, total }) => {
      const share = total === 0 ? 0 : done / total;
      onStep({ step: stage, done: (stages.indexOf(stage) + share) / stages.length });
    },
  });
}
