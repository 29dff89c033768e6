import { existsSync, readdirSync } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createFileKeyRing, markLedgersRestored, replaceAdminKey } from "@custody/ledger";
import { Stop } from "../exit-code.ts";
import { systemClock, systemRandom } from "../runtime/world.ts";
import { checkedPieces } from "./checked.ts";
import type { Manifest } from "./manifest.ts";
import { folderSink } from "./sink.ts";
import type { OnCopied } from "./write-backup.ts";

/** A folder that is there and not empty holds something: it is never restored over. */
export function refuseFilled(data: string): void {
  if (existsSync(data) && readdirSync(data).length > 0) {
    throw new Stop(
      "usage",
      `${data} is not empty; nothing is overwritten: name another folder with --data`,
    );
  }
}

async function isArchiveFile(from: string): Promise<boolean> {
  const found = await stat(from).catch((cause: unknown) => {
    throw new Stop("usage", `there is no back-up at ${from}`, { cause });
  });
  return found.isFile();
}

/** Every file of a back-up, compared with its manifest. Throws where one differs. */
export async function checkBackup(from: string, onStep: OnCopied): Promise<Manifest> {
  const checked = checkedPieces(from, await isArchiveFile(from));
  let bytes = 0;
  for await (const { chunks } of checked.pieces) {
    for await (const chunk of chunks) bytes += chunk.length;
    onStep("verified", bytes);
  }
  return checked.manifest();
}

/** Brings a back-up to an empty place, which gets its name when everything in it was compared and no ledger of it can be continued. */
export async function readBackup(from: string, data: string, onStep: OnCopied): Promise<Manifest> {
  refuseFilled(data);
  const archive = await isArchiveFile(from);
  const part = `${data}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(dirname(data), { recursive: true });
  await mkdir(part, { mode: 0o700 });
  try {
    const checked = checkedPieces(from, archive);
    const sink = folderSink(part);
    let bytes = 0;
    for await (const piece of checked.pieces) {
      await sink.put(piece.path, piece.bytes, piece.chunks);
      bytes += piece.bytes;
      onStep("copied", bytes);
    }
    await sink.close();
    const manifest = checked.manifest();
    await markLedgersRestored(part, manifest.id);
    await ensureAdminFile(part);
    await rename(part, data);
    return manifest;
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    throw error;
  }
}

async function ensureAdminFile(data: string): Promise<void> {
  if (existsSync(join(data, "admin.key"))) return;
  const ring = await createFileKeyRing(data, { clock: systemClock, random: systemRandom });
  await replaceAdminKey(data, ring);
}
