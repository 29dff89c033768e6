import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Checkpoint, ProofError, parseSignedCheckpoint } from "@custody/proof";
import { reasonOf } from "./errors.ts";
import { checkpointName, type LedgerLayout } from "./layout.ts";

/** A published checkpoint: the note byte for byte, and what it says. Its signature is not checked here. */
export interface PublishedCheckpoint {
  readonly note: Uint8Array;
  readonly checkpoint: Checkpoint;
}

/** The file that readers poll; a crash may leave it one behind the newest kept. */
export async function latestCheckpoint(
  layout: LedgerLayout,
): Promise<PublishedCheckpoint | undefined> {
  const note = await ifThere(readFile(layout.checkpoint));
  return note === undefined ? undefined : parsed(note);
}

/** The largest one kept; undefined where none was published. Lists a folder that grows with every seal: not for every request. */
export async function newestCheckpoint(
  layout: LedgerLayout,
): Promise<PublishedCheckpoint | undefined> {
  const [newest] = (await checkpointSizes(layout)).slice(-1);
  return newest === undefined ? undefined : checkpointAt(layout, newest);
}

export async function checkpointAt(
  layout: LedgerLayout,
  size: number,
): Promise<PublishedCheckpoint | undefined> {
  const note = await ifThere(readFile(join(layout.checkpoints, checkpointName(size))));
  return note === undefined ? undefined : parsed(note);
}

/** Sizes with a checkpoint, ascending. */
export async function checkpointSizes(layout: LedgerLayout): Promise<number[]> {
  const names = (await ifThere(readdir(layout.checkpoints))) ?? [];
  return names
    .filter((name) => /^\d{20}\.note$/.test(name))
    .map((name) => Number(name.slice(0, 20)))
    .sort((a, b) => a - b);
}

function parsed(note: Uint8Array): PublishedCheckpoint | undefined {
  try {
    return { note, checkpoint: parseSignedCheckpoint(note).checkpoint };
  } catch (error) {
    if (error instanceof ProofError) return undefined;
    throw error;
  }
}

async function ifThere<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (reasonOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
