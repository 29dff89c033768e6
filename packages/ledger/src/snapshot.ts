import { link, lstat, readdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { type CataloguedLedger, listLedgers } from "./catalogue.ts";
import { newestCheckpoint } from "./checkpoint-files.ts";
import { hexOf } from "./digest.ts";
import { makeFolder } from "./durable-file.ts";
import { LedgerError, reasonOf } from "./errors.ts";
import { markRestored } from "./identity.ts";
import { readJournal } from "./journal.ts";
import { checkpointName, tenantLayout } from "./layout.ts";

/** How far a copy of a ledger goes. */
export interface LedgerMark {
  readonly tenant: string;
  readonly origin: string;
  /** False: another ledger of the tenant follows it. */
  readonly current: boolean;
  /** Its newest checkpoint; null where it had none. */
  readonly checkpoint: { readonly size: number; readonly root: string } | null;
  /** Leaves of the copy: those after the checkpoint lie in its journal. */
  readonly size: number;
}

/** What a copy is begun with; `finish` completes it. */
export interface LedgerSnapshot {
  /**
   * Adds the journals, and says how far each ledger goes. Throws FOLDER_FORMAT where a journal has a gap: its files were not retained.
   */
  finish(): Promise<readonly LedgerMark[]>;
}

/**
 * A copy of all ledgers of a data folder, as hard links in `into`, on the same file system. Its checkpoints and tiles are those of now,
 * its journals those of `finish`. What is stored between the two is therefore in the copy: a copy of the store taken between them
 * holds every leaf below the checkpoints, and none that the journals lack. A writer at work has to retain its files meanwhile.
 */
export async function snapshotLedgers(dir: string, into: string): Promise<LedgerSnapshot> {
  const ledgers = await listLedgers(dir);
  const begun: Begun[] = [];
  for (const tenant of new Set(ledgers.map((ledger) => ledger.tenant))) {
    const { key } = tenantLayout(dir, tenant);
    await linkFile(key, join(into, relative(dir, key)));
  }
  for (const ledger of ledgers) {
    const { layout } = ledger;
    const place = join(into, relative(dir, layout.folder));
    // The checkpoint first: what it needs is there already, and stays.
    const newest = (await newestCheckpoint(layout))?.checkpoint;
    await linkJournal(ledger, place);
    await linkRest(ledger, place, newest?.size ?? 0);
    begun.push({ ledger, place, newest });
  }
  return {
    async finish() {
      const marks: LedgerMark[] = [];
      for (const { ledger, place, newest } of begun) {
        await linkJournal(ledger, place);
        const { tenant, current } = ledger;
        const { origin } = ledger.identity;
        const checkpoint = newest ? { size: newest.size, root: hexOf(newest.root) } : null;
        const from = newest?.size ?? 0;
        const owner = { ledger: origin, tenant };
        const { next, rest } = await readJournal(
          join(place, "journal"),
          owner,
          from,
          () => undefined,
        );
        if (rest.length > 0) {
          throw new LedgerError(
            "FOLDER_FORMAT",
            `the journal of ${origin} has a gap at leaf ${next}`,
          );
        }
        marks.push({ tenant, origin, current, checkpoint, size: next });
      }
      return marks;
    },
  };
}

interface Begun {
  readonly ledger: CataloguedLedger;
  readonly place: string;
  readonly newest: { readonly size: number; readonly root: Uint8Array } | undefined;
}

/** Says of every ledger of a folder that it came out of a back-up. Done before anybody opens it. */
export async function markLedgersRestored(dir: string, backup: string): Promise<void> {
  for (const { layout } of await listLedgers(dir)) {
    // An empty folder is no file of a back-up.
    await makeFolder(layout.journal);
    await markRestored(layout.identity, backup);
  }
}

/** A file that is gone by now was stored and published: that is copied elsewhere. */
async function linkJournal({ layout }: CataloguedLedger, place: string): Promise<void> {
  await makeFolder(join(place, "journal"));
  for (const name of await namesIn(layout.journal)) {
    if (name.endsWith(".native"))
      await linkFile(join(layout.journal, name), join(place, "journal", name));
  }
}

/** A writer replaces partial tiles by full ones, but not this often while a folder is listed. */
const looksMax = 100;

async function linkRest(ledger: CataloguedLedger, place: string, size: number): Promise<void> {
  const { layout } = ledger;
  await linkFile(layout.identity, join(place, "identity.json"));
  await linkFile(layout.state, join(place, "state.json"));
  await linkTree(layout.quarantine, join(place, "quarantine"));
  await makeFolder(join(place, "checkpoints"));
  for (const name of await namesIn(layout.checkpoints)) {
    const isEarlier = name.endsWith(".note") && name <= checkpointName(size);
    if (isEarlier) await linkFile(join(layout.checkpoints, name), join(place, "checkpoints", name));
  }
  await linkFile(join(layout.checkpoints, checkpointName(size)), join(place, "checkpoint"));
  for (let look = 0; look < looksMax; look++) {
    // A partial tile that went has a full one in its place, which the next look finds.
    if (await linkTree(join(layout.folder, "tile"), join(place, "tile"))) return;
  }
  throw new LedgerError("FOLDER_FORMAT", `the tiles of ${ledger.identity.origin} cannot be listed`);
}

/** Links a folder and what is in it. False where something went away meanwhile. */
async function linkTree(from: string, to: string): Promise<boolean> {
  let whole = true;
  for (const name of await namesIn(from)) {
    if (name.endsWith(".tmp")) continue;
    const path = join(from, name);
    const stats = await lstat(path).catch(goneIsUndefined);
    if (stats === undefined) whole = false;
    else if (stats.isDirectory()) whole = (await linkTree(path, join(to, name))) && whole;
    else whole = (await linkFile(path, join(to, name))) && whole;
  }
  return whole;
}

/** False where there is no such file; one that is linked already is left as it is. */
async function linkFile(from: string, to: string): Promise<boolean> {
  await makeFolder(dirname(to));
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (reasonOf(error) === "EEXIST") return true;
    if (reasonOf(error) === "ENOENT") return false;
    throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(goneIsUndefined)) ?? [];
}

function goneIsUndefined(error: unknown): undefined {
  if (reasonOf(error) === "ENOENT") return undefined;
  throw error;
}
