import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { RosterEntry } from "@custody/model";
import { newestCheckpoint } from "./checkpoint-files.ts";
import { createDrain, type Drain } from "./drain.ts";
import { LedgerError, reasonOf } from "./errors.ts";
import { createFolder, describePredecessor, type LedgerFolder, listFolders } from "./folder.ts";
import type { Identity } from "./identity.ts";
import { readJournal } from "./journal.ts";
import type { LedgerLayout } from "./layout.ts";
import type { LedgerLimits } from "./limits.ts";
import type { LedgerPorts } from "./ports.ts";
import { type Recovered, recover } from "./recovery.ts";

/** The ledger that a tenant continues on this machine, and what came before it. */
export interface ChosenLedger {
  readonly layout: LedgerLayout;
  readonly identity: Identity;
  readonly recovered: Recovered;
  /** The tenant's earlier ledgers in this folder, at their last known size. */
  readonly earlier: readonly RosterEntry[];
  /** Carry what earlier ledgers had acknowledged but not stored. */
  readonly retired: readonly Drain[];
}

export interface ChoiceInput {
  readonly folder: string;
  readonly tenant: string;
  readonly deployment: string;
  readonly host: string;
  readonly ports: LedgerPorts;
  readonly limits: LedgerLimits;
}

/** The newest ledger where it may be continued, else a new one that commits to it. */
export async function chooseLedger(input: ChoiceInput): Promise<ChosenLedger> {
  const folders = await listFolders(input.folder);
  const newest = folders.at(-1);
  if (newest === undefined) return begin(input, folders, 0, undefined);
  // The creation of a successor that was cut short is done again, from the ledger before it.
  const blank =
    newest.identity === undefined && (await newestCheckpoint(newest.layout)) === undefined;
  const last = blank ? folders.at(-2) : newest;
  const number = blank ? newest.number : newest.number + 1;
  if (last === undefined) return begin(input, [], number, undefined);
  if (last.identity === undefined) {
    return begin(input, folders, number, await describePredecessor(last, "identity_lost"));
  }
  const { host, ports, limits } = input;
  const { layout, identity } = last;
  const recovery = await recover({ layout, identity, host, ports, limits });
  if (recovery.outcome === "recovered") {
    return chosen(input, folders, { layout, identity, recovered: recovery.recovered });
  }
  ports.onEvent?.({ name: "origin_opened", origin: identity.origin, reason: recovery.reason });
  return begin(input, folders, number, await describePredecessor(last, recovery.reason));
}

async function begin(
  input: ChoiceInput,
  folders: readonly LedgerFolder[],
  number: number,
  predecessor: Identity["predecessor"],
): Promise<ChosenLedger> {
  const { folder: ledgersFolder, tenant, deployment, host, ports, limits } = input;
  const made = await createFolder({
    ledgersFolder,
    number,
    tenant,
    deployment,
    host,
    predecessor,
    ports,
  });
  const { layout, identity } = made;
  if (identity === undefined)
    throw new LedgerError("FOLDER_FORMAT", "the new ledger has no identity");
  const recovery = await recover({ layout, identity, host, ports, limits });
  if (recovery.outcome === "recovered") {
    return chosen(input, folders, { layout, identity, recovered: recovery.recovered });
  }
  throw new LedgerError("FOLDER_FORMAT", `the new ledger cannot be opened: ${recovery.reason}`);
}

async function chosen(
  input: ChoiceInput,
  folders: readonly LedgerFolder[],
  ledger: Pick<ChosenLedger, "layout" | "identity" | "recovered">,
): Promise<ChosenLedger> {
  const earlier: RosterEntry[] = [];
  const retired: Drain[] = [];
  for (const folder of folders) {
    if (folder.identity === undefined || folder.number >= ledger.identity.number) continue;
    const size = (await newestCheckpoint(folder.layout))?.checkpoint.size ?? 0;
    earlier.push({ origin: folder.identity.origin, size });
    retired.push(await drainRetired(input, folder.layout, folder.identity, size));
  }
  return { ...ledger, earlier, retired };
}

/** Leaves of a retired ledger keep their place: they were acknowledged there, and its successor commits to their hashes. */
async function drainRetired(
  { ports, limits }: ChoiceInput,
  layout: LedgerLayout,
  { origin, tenant }: Identity,
  size: number,
): Promise<Drain> {
  const retry = (reason: string): void => ports.onEvent?.({ name: "store_retry", origin, reason });
  const drain = createDrain({ store: ports.store, onRetry: retry }, limits, size);
  let last = size;
  const owner = { ledger: origin, tenant };
  const reading = await readJournal(layout.journal, owner, size, ({ file }) => {
    drain.add(file, true);
    last = file.to;
  });
  for (const name of reading.covered) await rm(join(layout.journal, name), { force: true });
  if (last > size) {
    drain
      .storedUpTo(last)
      .then((stored) => (stored ? drain.release(last) : undefined))
      // They are stored: a file that cannot be deleted is stored again at the next start.
      .catch((error: unknown) => retry(reasonOf(error)));
  }
  return drain;
}
