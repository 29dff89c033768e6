import { rm } from "node:fs/promises";
import { join } from "node:path";
import { shiftMillis } from "@custody/model";
import { equalBytes } from "@custody/proof";
import { latestCheckpoint, newestCheckpoint } from "./checkpoint-files.ts";
import { type ClaimTable, createClaimTable } from "./claim-table.ts";
import { bytesOfHex } from "./digest.ts";
import { LedgerError, reasonOf } from "./errors.ts";
import { vkeyOf } from "./folder.ts";
import { createHighWater } from "./high-water.ts";
import { type Identity, isAtBirthplace, type ReplaceReason } from "./identity.ts";
import {
  type JournalFile,
  type JournalReading,
  quarantine,
  readJournal,
  removeTemporary,
} from "./journal.ts";
import type { LedgerLayout } from "./layout.ts";
import type { LedgerLimits } from "./limits.ts";
import type { LedgerPorts } from "./ports.ts";
import type { TreeHead } from "./receipts.ts";
import { replayFile } from "./replay.ts";
import { type LedgerState, readState } from "./state-file.ts";
import { rebuildState } from "./state-rebuild.ts";
import { createTip, type Tip } from "./tip.ts";
import { createTree } from "./tree.ts";
import { readTreeStart } from "./tree-files.ts";

/** A ledger as its files have it, ready to be continued. */
export interface Recovered {
  readonly tip: Tip;
  readonly state: LedgerState;
  readonly published: TreeHead | undefined;
  /** Acknowledged and perhaps stored in part. */
  readonly files: readonly JournalFile[];
  /** Batch files that continued nothing: moved aside. */
  readonly discarded: { readonly files: number; readonly bytes: number };
}

export type Recovery =
  | { readonly outcome: "recovered"; readonly recovered: Recovered }
  | { readonly outcome: "replace"; readonly reason: ReplaceReason };

export interface RecoveryInput {
  readonly layout: LedgerLayout;
  readonly identity: Identity;
  readonly host: string;
  readonly ports: LedgerPorts;
  readonly limits: LedgerLimits;
}

/** Decides whether the ledger in this folder may be continued, and from where (design 3, invariant 2). */
export async function recover(input: RecoveryInput): Promise<Recovery> {
  const { layout, identity, host, ports } = input;
  if (identity.restored !== undefined) return replace("restored");
  if (!(await isAtBirthplace(layout.identity, host, identity))) return replace("copied");
  if (vkeyOf(identity.origin, ports.signer) !== identity.vkey) return replace("key_changed");
  const state =
    (await stateOf(layout, identity)) ??
    (await rebuildState(layout, identity, ports.signer, ports.lookup));
  if (state === undefined) return replace("state_lost");
  const newest = await newestCheckpoint(layout);
  if ((newest?.checkpoint.size ?? 0) > (state.signed?.size ?? 0)) return replace("state_stale");
  const tip = await tipOf(input, state);
  if (tip === undefined) return replace("tiles_lost");
  const { reading, files } = await replayJournal(input, tip);
  if ((await storedSize(input)) > reading.next) return replace("journal_lost");
  const bytes =
    reading.rest.length === 0
      ? 0
      : await quarantine(layout.journal, reading.rest, layout.quarantine);
  // Stored and under a checkpoint: the crash came before they were deleted.
  for (const name of reading.covered) await rm(join(layout.journal, name), { force: true });
  const discarded = { files: reading.rest.length, bytes };
  return {
    outcome: "recovered",
    recovered: { tip, state, published: newest?.checkpoint, files, discarded },
  };
}

function replace(reason: ReplaceReason): Recovery {
  return { outcome: "replace", reason };
}

/** A damaged state counts as a lost one. */
async function stateOf(layout: LedgerLayout, identity: Identity): Promise<LedgerState | undefined> {
  try {
    return await readState(layout.state, identity.origin);
  } catch (error) {
    if (error instanceof LedgerError && error.code === "FOLDER_FORMAT") return undefined;
    throw error;
  }
}

async function tipOf(input: RecoveryInput, state: LedgerState): Promise<Tip | undefined> {
  const { layout, limits } = input;
  const { head, signed } = state;
  const start = await readTreeStart(layout.folder, head.size);
  if (start === undefined) return undefined;
  const tree = createTree(start);
  if (signed !== undefined && !equalBytes(tree.root(), signed.root)) return undefined;
  const claims = await recentClaims(input);
  const highWater = createHighWater(limits.hwSourcesMax);
  const latest = await latestCheckpoint(layout);
  // The state was noted but its checkpoint not, or not wholly, published: the same root is signed again.
  const isNoted = signed !== undefined && latest?.checkpoint.size !== signed.size;
  const pending = isNoted ? { capture: { ...signed, files: [] }, head } : undefined;
  return createTip({ head, tree, claims, highWater, ...(pending && { pending }) });
}

async function recentClaims({ identity, ports, limits }: RecoveryInput): Promise<ClaimTable> {
  const seed = Buffer.from(ports.random.bytes(4)).readInt32LE(0);
  const table = createClaimTable(limits.dedupEntriesMax, seed);
  const { tenant, origin } = identity;
  try {
    const since = shiftMillis(ports.clock.now(), -limits.dedupWindowMs);
    const query = { tenant, origin, since, entriesMax: limits.dedupEntriesMax };
    for await (const { id, claim, leaf } of (await ports.lookup?.recentClaims?.(query)) ?? []) {
      table.add(bytesOfHex(id), bytesOfHex(claim), leaf);
    }
  } catch (error) {
    // Without the store a repeated delivery may become a second leaf of the same id; nothing is lost, and readers count ids.
    ports.onEvent?.({ name: "claims_unavailable", origin, reason: reasonOf(error) });
  }
  return table;
}

async function replayJournal(
  { layout, identity }: RecoveryInput,
  tip: Tip,
): Promise<{ readonly reading: JournalReading; readonly files: readonly JournalFile[] }> {
  await removeTemporary(layout.journal);
  const files: JournalFile[] = [];
  const owner = { ledger: identity.origin, tenant: identity.tenant };
  const reading = await readJournal(layout.journal, owner, tip.head.size, (read) => {
    replayFile(tip, read);
    files.push(read.file);
  });
  return { reading, files };
}

async function storedSize({ identity, ports }: RecoveryInput): Promise<number> {
  try {
    return (await ports.lookup?.storedSize?.(identity.origin)) ?? 0;
  } catch {
    return 0;
  }
}
