import { readFile, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { replaceFile, syncFolder, writeSynced } from "./durable-file.ts";
import { type Members, readJson } from "./json-file.ts";

/** Where a folder was born. A copy has another inode and birth time, a cloned disk another device, a cloned machine another host. */
interface Birthplace {
  readonly device: string;
  readonly inode: string;
  readonly born: string;
  readonly host: string;
}

/** The ledger that a new one follows, as it was found. */
export interface Predecessor {
  readonly origin: string;
  readonly reason: ReplaceReason;
  /** Its newest checkpoint; absent where it had none. */
  readonly checkpoint?: { readonly size: number; readonly root: string };
  /** Leaves acknowledged after that checkpoint, and SHA-256 over their record hashes: stored, and committed to here. */
  readonly tail?: { readonly from: number; readonly to: number; readonly digest: string };
}

/** Why a ledger is never continued. */
export type ReplaceReason =
  /** The folder was copied: another process may continue the original. */
  | "copied"
  /** The folder came out of a back-up: the original may have gone on since. */
  | "restored"
  | "identity_lost"
  /** The log's key is another one. */
  | "key_changed"
  | "state_lost"
  /** The state is older than a published checkpoint. */
  | "state_stale"
  /** Tiles are missing or do not have the root that was signed. */
  | "tiles_lost"
  /** The store holds leaves that the journal no longer has. */
  | "journal_lost";

export interface Identity {
  readonly tenant: string;
  readonly origin: string;
  readonly number: number;
  readonly vkey: string;
  readonly created: string;
  readonly birthplace: Birthplace;
  readonly predecessor?: Predecessor;
  /** The back-up that this folder came out of. */
  readonly restored?: string;
}

/** Written once, last of all files of a new ledger: a folder with an identity is complete. */
export async function writeIdentity(
  path: string,
  host: string,
  identity: Omit<Identity, "birthplace">,
): Promise<void> {
  const temporary = `${path}.tmp`;
  await writeSynced(temporary, "", async (handle) => {
    // The file records its own inode, which a rename keeps and a copy does not.
    const birthplace = placeOf(await handle.stat({ bigint: true }), host);
    return `${JSON.stringify({ v: 1, ...identity, birthplace }, undefined, 2)}\n`;
  });
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

/** Undefined where there is none. */
export async function readIdentity(path: string): Promise<Identity | undefined> {
  const file = await readJson(path);
  if (file === undefined) return undefined;
  const place = file.object("birthplace");
  const predecessor = file.optionalObject("predecessor");
  const restored = file.optionalText("restored");
  return {
    tenant: file.text("tenant"),
    origin: file.text("origin"),
    number: file.integer("number"),
    vkey: file.text("vkey"),
    created: file.text("created"),
    birthplace: {
      device: place.text("device"),
      inode: place.text("inode"),
      born: place.text("born"),
      host: place.text("host"),
    },
    ...(predecessor === undefined ? {} : { predecessor: readPredecessor(predecessor) }),
    ...(restored === undefined ? {} : { restored }),
  };
}

/** Says of a folder that it came out of a back-up: wherever it lies from now on, nobody continues it. */
export async function markRestored(path: string, backup: string): Promise<void> {
  const text = await readFile(path, "utf8");
  await replaceFile(
    path,
    `${JSON.stringify({ ...JSON.parse(text), restored: backup }, undefined, 2)}\n`,
  );
}

export async function isAtBirthplace(
  path: string,
  host: string,
  { birthplace }: Identity,
): Promise<boolean> {
  const here = placeOf(await stat(path, { bigint: true }), host);
  return (
    here.device === birthplace.device &&
    here.inode === birthplace.inode &&
    here.born === birthplace.born &&
    here.host === birthplace.host
  );
}

function placeOf(
  stats: { readonly dev: bigint; readonly ino: bigint; readonly birthtimeNs: bigint },
  host: string,
): Birthplace {
  return { device: `${stats.dev}`, inode: `${stats.ino}`, born: `${stats.birthtimeNs}`, host };
}

const reasons: readonly ReplaceReason[] = [
  "copied",
  "restored",
  "identity_lost",
  "key_changed",
  "state_lost",
  "state_stale",
  "tiles_lost",
  "journal_lost",
];

function readPredecessor(file: Members): Predecessor {
  const checkpoint = file.optionalObject("checkpoint");
  const tail = file.optionalObject("tail");
  const reason = file.text("reason");
  return {
    origin: file.text("origin"),
    reason: reasons.find((known) => known === reason) ?? "identity_lost",
    ...(checkpoint && {
      checkpoint: { size: checkpoint.integer("size"), root: checkpoint.text("root") },
    }),
    ...(tail && {
      tail: { from: tail.integer("from"), to: tail.integer("to"), digest: tail.text("digest") },
    }),
  };
}
