import {
  contentDigest,
  controlPath,
  type RunCommitment,
  type RunControl,
  runSchema,
  type SealPlace,
} from "@custody/verify";
import type { Catalogue } from "./catalogue.ts";
import { sha256, sha256Hex } from "./digest.ts";
import type { SealRow } from "./ledger-range.ts";
import type { ProofDesk } from "./proof-desk.ts";
import type { ControlRun, Run } from "./run-controls.ts";
import type { Staging } from "./staging.ts";

export interface CommitmentInput {
  readonly bundleId: string;
  readonly bundlePublicKey: Uint8Array;
  readonly run: Run;
  readonly catalogue: Catalogue;
  readonly desk: ProofDesk;
  readonly staging: Staging;
}

/** What the run found, as the ledger will hold it: made from the files as they were written, before anything is signed. */
export function commitmentOf(input: CommitmentInput): RunCommitment {
  const { bundleId, bundlePublicKey, run, catalogue, desk, staging } = input;
  const { opening, closing } = run.range;
  return {
    schema: runSchema,
    bundle_id: bundleId,
    bundle_key_sha256: sha256Hex(bundlePublicKey),
    period: { start: run.period.start, end: run.period.end },
    catalogue: { id: catalogue.id, version: catalogue.version, sha256: catalogue.digest },
    checkpoint: { origin: run.scope.ledger, size: desk.size, root: desk.root },
    seals: {
      ...(opening === undefined ? {} : { from: placeOf(opening) }),
      to: placeOf(closing),
    },
    classes: run.classes.map(({ class: name, rows, first, last, set_sha256 }) => ({
      class: name,
      rows,
      ...(first === undefined ? {} : { first }),
      ...(last === undefined ? {} : { last }),
      set_sha256,
    })),
    controls: run.controls.map((control) => committedControl(staging, control)),
    content_sha256: contentDigest(sha256, staging.files()),
  };
}

function placeOf({ leaf, sha }: SealRow): SealPlace {
  return { leaf, record_sha256: sha };
}

function committedControl(staging: Staging, tested: ControlRun): RunControl {
  const { id, version } = tested.control;
  const digest = (file: Parameters<typeof controlPath>[1]): string =>
    staging.digest(controlPath(id, file));
  return {
    id,
    version,
    control_sha256: digest("control"),
    query_sha256: digest("query"),
    params_sha256: digest("params"),
    population_sha256: digest("population"),
    exceptions_sha256: digest("exceptions"),
    sample_sha256: digest("sample"),
    result_sha256: digest("result"),
    population: tested.items.length,
    in_scope: tested.inScope,
    exceptions: tested.exceptions.length,
    result: tested.result.state,
  };
}
