import { paths, printRow, sealProofPath } from "@custody/verify";
import type { WrittenControl } from "./control-files.ts";
import { limits } from "./limits.ts";
import type { PreviousBundle } from "./previous-bundle.ts";
import type { OnProgress } from "./progress.ts";
import type { ProofDesk } from "./proof-desk.ts";
import type { Run } from "./run-controls.ts";
import type { CommittedRun } from "./run-record.ts";
import type { Staging } from "./staging.ts";

export interface LogFilesInput {
  /** At the checkpoint the run was computed at, and at the one that covers its record. */
  readonly before: ProofDesk;
  readonly desk: ProofDesk;
  readonly run: Run;
  readonly committed: CommittedRun;
  readonly controls: readonly WrittenControl[];
  readonly vkey: string;
  readonly previous?: PreviousBundle | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** Checkpoints, seals, the run's record and proofs, all under one checkpoint. Answers how many proofs there was no room for. */
export async function writeLogFiles(staging: Staging, input: LogFilesInput): Promise<number> {
  const { before, desk, run, committed, previous, onProgress } = input;
  const { opening, closing } = run.range;
  const seals = opening === undefined ? [closing] : [opening, closing];
  staging.put(paths.runCheckpoint, before.note);
  staging.put(paths.checkpoint, desk.note);
  staging.put(paths.consistency, await desk.growth(before.size));
  if (previous !== undefined) {
    staging.put(paths.previousConsistency, await desk.growth(previous.size));
  }
  staging.put(paths.seals, seals.map(({ leaf, canonical }) => printRow(leaf, canonical)).join(""));
  staging.put(paths.run, printRow(committed.leaf, committed.canonical));
  staging.put(paths.runProof, await desk.inclusion(committed.leaf));
  staging.put(paths.logKeys, `${input.vkey}\n`);
  const places = new Map([
    ...seals.map(({ sha, leaf }) => [sha, leaf] as const),
    ...input.controls.flatMap(placesOf),
  ]);
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

/** What an auditor looks at one by one: drawn items first, then exceptions. */
function placesOf({ run, drawn }: WrittenControl): (readonly [sha: string, leaf: number])[] {
  return [
    ...drawn.items.map(({ sha, leaf }) => [sha, leaf] as const),
    ...run.exceptions.flatMap(({ place }) =>
      place === undefined ? [] : [[place.sha, place.leaf] as const],
    ),
  ];
}
