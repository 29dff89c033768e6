import { link, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, Random } from "@custody/model";
import { makeFolder, writeSynced } from "./durable-file.ts";
import { LedgerError, reasonOf } from "./errors.ts";
import { processScope } from "./host.ts";
import { parseMembers } from "./json-file.ts";
import { processStart } from "./process-scope.ts";

/** The one process that may write a data folder. */
export interface FolderLock {
  readonly outcome: "acquired";
  release(): Promise<void>;
}

export interface FolderHeld {
  readonly outcome: "held";
  readonly pid: number;
  readonly since: string;
}

interface Holder {
  readonly pid: number;
  /** When that process began: a pid is reused. */
  readonly started: string;
  /** The space in which the pid means anything. */
  readonly scope: string;
  readonly since: string;
  readonly nonce: string;
}

/** A holder in another container or on another machine is known by its heartbeat alone. */
const heartbeatMs = 10_000;
const silentMsMax = 60_000;
/** Processes that died while they took the lock over from one that died: more of them than this are a fault. */
const chainMax = 16;

/** Takes the folder, also over a holder that is gone. Two processes that try at once never both get it. */
export async function acquireFolder(
  dir: string,
  ports: { readonly clock: Clock; readonly random: Random },
): Promise<FolderLock | FolderHeld> {
  await makeFolder(dir);
  const path = join(dir, "lock");
  const own: Holder = {
    pid: process.pid,
    started: (await processStart(process.pid)) ?? "unknown",
    scope: await processScope(),
    since: ports.clock.now(),
    nonce: Buffer.from(ports.random.bytes(12)).toString("hex"),
  };
  const text = `${JSON.stringify(own)}\n`;
  const taken = await climb(path, text, own);
  if (taken.outcome === "held") return taken;
  const beat = setInterval(
    () => void utimes(path, new Date(), new Date()).catch(() => undefined),
    heartbeatMs,
  );
  beat.unref();
  return {
    outcome: "acquired",
    async release() {
      clearInterval(beat);
      if ((await readHolder(path))?.nonce === own.nonce) await rm(path, { force: true });
    },
  };
}

/**
 * A dead holder's lock is not deleted: whoever comes next claims it under a name made of its nonce, which only one can create.
 * If that one dies too, its claim is claimed in the same way.
 */
async function climb(
  path: string,
  text: string,
  own: Holder,
): Promise<{ readonly outcome: "taken" } | FolderHeld> {
  const claims: string[] = [];
  let at = path;
  for (let step = 0; step < chainMax; step++) {
    if (await createWhole(at, text, own.nonce)) {
      if (claims.length === 0) return { outcome: "taken" };
      // Between reading the dead lock and claiming it, another process may have finished doing so.
      const settled = await settle(path, at, claims, text);
      if (settled) return { outcome: "taken" };
      claims.length = 0;
      at = path;
      continue;
    }
    const holder = await readHolder(at);
    if (holder === undefined) continue;
    if (await isAlive(at, holder, own.scope)) {
      return { outcome: "held", pid: holder.pid, since: holder.since };
    }
    claims.push(holder.nonce);
    at = `${path}.${holder.nonce}`;
  }
  throw new LedgerError("STATE_UNKNOWN", "the folder's lock was claimed too often");
}

/** Puts our lock in place of the dead one that we claimed, then removes the claims. False: it was not the dead one any more. */
async function settle(
  path: string,
  claim: string,
  chain: readonly string[],
  text: string,
): Promise<boolean> {
  const current = await readHolder(path);
  if (current?.nonce !== chain[0]) {
    await rm(claim, { force: true });
    return false;
  }
  const replacement = `${claim}.new`;
  await writeSynced(replacement, text);
  await rename(replacement, path);
  for (const nonce of chain) await rm(`${path}.${nonce}`, { force: true });
  return true;
}

/** Creates the file with its content in one step, or not at all: no reader sees an empty lock. */
async function createWhole(path: string, text: string, nonce: string): Promise<boolean> {
  const temporary = `${path}.${nonce}.tmp`;
  await writeSynced(temporary, text);
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (reasonOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (reasonOf(error) === "ENOENT") return undefined;
    throw error;
  }
  const file = parseMembers(text);
  return {
    pid: file.integer("pid"),
    started: file.text("started"),
    scope: file.text("scope"),
    since: file.text("since"),
    nonce: file.text("nonce"),
  };
}

async function isAlive(path: string, holder: Holder, scope: string): Promise<boolean> {
  if (holder.scope === scope) return (await processStart(holder.pid)) === holder.started;
  const { mtimeMs } = await stat(path);
  return Date.now() - mtimeMs < silentMsMax;
}
