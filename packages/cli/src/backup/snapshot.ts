import { randomUUID } from "node:crypto";
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Ledger, snapshotLedgers } from "@custody/ledger";
import type { Store } from "@custody/storage";
import { productVersion } from "../runtime/version.ts";
import { systemClock } from "../runtime/world.ts";
import { privateKeys, type Snapshot } from "./manifest.ts";

const folderOf = (data: string): string => join(data, "snapshots");
/** In a snapshot: what `snapshotSchema` says. */
export const snapshotName = "snapshot.json";

let turn: Promise<unknown> = Promise.resolve();

/**
 * A consistent copy of a data folder inside it, made of hard links: `custody backup` carries it elsewhere. First the checkpoints and tiles,
 * then the store, then the journals, while the ledgers keep their files: so every leaf under a checkpoint of the copy is in its store, and
 * every leaf after it in its journal. There is one at a time; taking another removes it.
 */
export function takeSnapshot(
  data: string,
  store: Pick<Store, "freeze">,
  writing: readonly Pick<Ledger, "retain">[],
): Promise<{ readonly id: string; readonly path: string }> {
  const taken = turn.then(() => take(data, store, writing));
  turn = taken.catch(() => undefined);
  return taken;
}

async function take(
  data: string,
  store: Pick<Store, "freeze">,
  writing: readonly Pick<Ledger, "retain">[],
): Promise<{ readonly id: string; readonly path: string }> {
  await removeSnapshots(data);
  const id = randomUUID();
  const path = join(folderOf(data), id);
  await mkdir(path, { recursive: true, mode: 0o700 });
  const letGo = writing.map((ledger) => ledger.retain());
  try {
    for (const name of ["keys.json", ...privateKeys]) await copyIfThere(data, path, name);
    const ledgers = await snapshotLedgers(data, path);
    const taken = systemClock.now();
    const isEmbedded = await store.freeze(join(path, "store"));
    const snapshot: Snapshot = {
      id,
      taken,
      product: productVersion,
      store: isEmbedded ? "embedded" : "server",
      ledgers: [...(await ledgers.finish())],
    };
    await writeFile(join(path, snapshotName), `${JSON.stringify(snapshot, undefined, 2)}\n`, {
      mode: 0o600,
    });
    return { id, path };
  } catch (error) {
    await rm(path, { recursive: true, force: true });
    throw error;
  } finally {
    for (const release of letGo) release();
  }
}

/** One that nobody carried away holds room: merges replace what it links. */
export async function removeSnapshots(data: string): Promise<void> {
  await rm(folderOf(data), { recursive: true, force: true });
}

async function copyIfThere(from: string, to: string, name: string): Promise<void> {
  try {
    await copyFile(join(from, name), join(to, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
