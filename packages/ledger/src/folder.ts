import { readdir } from "node:fs/promises";
import { createNoteKey, hexEncode, printVkey, type Signer } from "@custody/proof";
import { newestCheckpoint } from "./checkpoint-files.ts";
import { hexOf, sha256, sha256Hex } from "./digest.ts";
import { makeFolder } from "./durable-file.ts";
import { LedgerError, reasonOf } from "./errors.ts";
import { emptyHead } from "./head.ts";
import {
  type Identity,
  type Predecessor,
  type ReplaceReason,
  readIdentity,
  writeIdentity,
} from "./identity.ts";
import { readJournal } from "./journal.ts";
import { type LedgerLayout, ledgerLayout } from "./layout.ts";
import type { LedgerPorts } from "./ports.ts";
import { writeState } from "./state-file.ts";

/** One ledger folder of a tenant. */
export interface LedgerFolder {
  readonly number: number;
  readonly layout: LedgerLayout;
  /** Absent: its creation was cut short, or the file is damaged. */
  readonly identity: Identity | undefined;
}

/** All ledger folders of a tenant, oldest first. */
export async function listFolders(ledgersFolder: string): Promise<LedgerFolder[]> {
  let names: string[];
  try {
    names = await readdir(ledgersFolder);
  } catch (error) {
    if (reasonOf(error) === "ENOENT") return [];
    throw error;
  }
  const numbers = names.filter((name) => /^(0|[1-9]\d{0,8})$/.test(name)).map(Number);
  const folders: LedgerFolder[] = [];
  for (const number of numbers.sort((a, b) => a - b)) {
    const layout = ledgerLayout(ledgersFolder, number);
    folders.push({ number, layout, identity: await identityOf(layout) });
  }
  return folders;
}

async function identityOf(layout: LedgerLayout): Promise<Identity | undefined> {
  try {
    return await readIdentity(layout.identity);
  } catch (error) {
    if (error instanceof LedgerError && error.code === "FOLDER_FORMAT") return undefined;
    throw error;
  }
}

export interface NewLedger {
  readonly ledgersFolder: string;
  readonly number: number;
  readonly tenant: string;
  readonly deployment: string;
  readonly host: string;
  readonly predecessor: Predecessor | undefined;
  readonly ports: LedgerPorts;
}

/**
 * Makes an empty ledger. Its origin ends in random digits, so that two copies of one folder, or two machines of one name, never
 * sign under the same origin.
 */
export async function createFolder(input: NewLedger): Promise<LedgerFolder> {
  const { ledgersFolder, number, tenant, deployment, host, predecessor, ports } = input;
  const layout = ledgerLayout(ledgersFolder, number);
  const origin = `${deployment}/${tenant}/${number}-${hexEncode(ports.random.bytes(4))}`;
  const vkey = vkeyOf(origin, ports.signer);
  await makeFolder(layout.journal);
  await makeFolder(layout.checkpoints);
  await writeState(layout.state, origin, { head: emptyHead, signed: undefined });
  await writeIdentity(layout.identity, host, {
    tenant,
    origin,
    number,
    vkey,
    created: ports.clock.now(),
    ...(predecessor && { predecessor }),
  });
  return { number, layout, identity: await readIdentity(layout.identity) };
}

/** The verifier key of an origin under a log key: the note's key name is the origin (compliance 6.5). */
export function vkeyOf(origin: string, { publicKey }: Signer): string {
  return printVkey(createNoteKey(sha256, { name: origin, type: "ed25519", publicKey }));
}

/** What a new ledger commits to of the one it follows. */
export async function describePredecessor(
  { layout, identity }: LedgerFolder,
  reason: ReplaceReason,
): Promise<Predecessor> {
  const newest = await newestCheckpoint(layout);
  const origin = identity?.origin ?? newest?.checkpoint.origin ?? "unknown";
  const checkpoint = newest && {
    size: newest.checkpoint.size,
    root: hexOf(newest.checkpoint.root),
  };
  const owner = { ledger: origin, tenant: identity?.tenant ?? "" };
  const from = checkpoint?.size ?? 0;
  const shas: Uint8Array[] = [];
  await makeFolder(layout.journal);
  const { next } = await readJournal(layout.journal, owner, from, ({ rows }) => {
    for (const { sha } of rows) shas.push(sha);
  });
  const tail = { from, to: next, digest: sha256Hex(Buffer.concat(shas)) };
  return {
    origin,
    reason,
    ...(checkpoint && { checkpoint }),
    ...(shas.length > 0 && { tail }),
  };
}
