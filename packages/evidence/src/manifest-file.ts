import { canonicalText } from "@custody/model";
import { printEnvelope, type Signer, signEnvelope } from "@custody/proof";
import {
  bundleStatement,
  controlPath,
  type Manifest,
  type ManifestControl,
  manifestSchema,
  paths,
  printChecksums,
  printManifest,
  statementPayloadType,
} from "@custody/verify";
import type { Catalogue } from "./catalogue.ts";
import { sha256, sha256Hex } from "./digest.ts";
import { gradeLine } from "./grade-line.ts";
import { limits } from "./limits.ts";
import type { PreviousBundle } from "./previous-bundle.ts";
import type { ProofDesk } from "./proof-desk.ts";
import type { Anchor, ControlRun, Run } from "./run-controls.ts";
import type { CommittedRun } from "./run-record.ts";
import type { Staging } from "./staging.ts";

export interface ManifestInput {
  readonly bundleId: string;
  readonly run: Run;
  readonly committed: CommittedRun;
  readonly catalogue: Catalogue;
  readonly anchors: readonly Anchor[];
  readonly desk: ProofDesk;
  readonly vkey: string;
  readonly previous?: PreviousBundle | undefined;
  readonly requestedBy: string;
  readonly purpose: string;
  readonly now: string;
  readonly generator: { readonly name: string; readonly version: string };
}

/** What is made from the list cannot be on it. */
const signatures = "signatures/";

/** Lists everything staged so far, then signs the list. */
export async function writeManifest(
  staging: Staging,
  input: ManifestInput,
  signer: Signer,
): Promise<void> {
  const manifest = manifestOf(staging, input);
  const bytes = printManifest(manifest);
  staging.put(paths.manifest, bytes);
  const summed = staging.files().filter(({ path }) => !path.startsWith(signatures));
  staging.put(paths.checksums, printChecksums(summed));
  const payload = bundleStatement(manifest, sha256Hex(bytes));
  const envelope = await signEnvelope(
    sha256,
    { payloadType: statementPayloadType, payload },
    signer,
  );
  staging.put(paths.envelope, printEnvelope(envelope));
}

function manifestOf(staging: Staging, input: ManifestInput): Manifest {
  const { run, committed, catalogue, desk, previous } = input;
  const { start, end, interim } = run.period;
  const { opening, closing, isSettled } = run.range;
  return {
    schema: manifestSchema,
    bundle_id: input.bundleId,
    tenant: run.scope.tenant,
    period: { start, end, lateness_s: limits.latenessMs / 1000 },
    generated_at: input.now,
    generator: input.generator,
    requested_by: { id: input.requestedBy },
    purpose: input.purpose,
    interim: interim || !isSettled,
    grades: gradeLine(run.classes),
    blind_spots: run.blindSpots,
    log: {
      origin: run.scope.ledger,
      size: desk.size,
      root: desk.root,
      vkeys: [input.vkey],
      ...(previous === undefined
        ? {}
        : { prev_bundle: { id: previous.id, size: previous.size, root: previous.root } }),
    },
    anchors: input.anchors,
    catalogue: { id: catalogue.id, version: catalogue.version, sha256: catalogue.digest },
    controls: run.controls.map((tested) => manifestControl(staging, tested)),
    run: { record_sha256: committed.sha, leaf_index: committed.leaf },
    seals: { to: closing.leaf, ...(opening === undefined ? {} : { from: opening.leaf }) },
    files: staging.files().filter(({ path }) => !path.startsWith(signatures)),
  };
}

function manifestControl(staging: Staging, tested: ControlRun): ManifestControl {
  const { id, version, population } = tested.control;
  return {
    id,
    version,
    classes: population.classes,
    result: tested.result.state,
    population: tested.items.length,
    in_scope: tested.inScope,
    exceptions: tested.exceptions.length,
    query_sha256: staging.digest(controlPath(id, "query")),
    params: JSON.parse(canonicalText(tested.params)) as Readonly<Record<string, unknown>>,
  };
}
