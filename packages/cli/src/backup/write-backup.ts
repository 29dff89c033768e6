import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Stop } from "../exit-code.ts";
import { checkedPieces } from "./checked.ts";
import {
  type BackedUpFile,
  type Manifest,
  manifestName,
  privateKeys,
  snapshotSchema,
} from "./manifest.ts";
import { archiveSink, folderPieces, folderSink, hashed } from "./sink.ts";
import { snapshotName } from "./snapshot.ts";

export interface Written {
  readonly manifest: Manifest;
  readonly bytes: number;
}

export type OnCopied = (step: "copied" | "verified", bytes: number) => void;

/** A name that ends so is an archive, every other one a folder. */
function isArchive(path: string): boolean {
  return path.endsWith(".tar");
}

export function refuseExisting(to: string): void {
  if (existsSync(to))
    throw new Stop("usage", `${to} is there already; nothing is overwritten: name another place`);
}

/** Carries a snapshot to its place, reads what lies there again, and only then gives it its name. */
export async function writeBackup(
  snapshot: string,
  to: string,
  options: { readonly keys: boolean; readonly onStep: OnCopied },
): Promise<Written> {
  refuseExisting(to);
  const taken = snapshotSchema.parse(
    JSON.parse(await readFile(join(snapshot, snapshotName), "utf8")),
  );
  const part = `${to}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(dirname(to), { recursive: true });
  if (!isArchive(to)) await mkdir(part, { mode: 0o700 });
  try {
    const sink = isArchive(to) ? await archiveSink(part) : folderSink(part);
    const files: BackedUpFile[] = [];
    const leftOut: string[] = [];
    let bytes = 0;
    for await (const piece of folderPieces(snapshot)) {
      if (piece.path === snapshotName) continue;
      if (!options.keys && privateKeys.includes(piece.path)) {
        leftOut.push(piece.path);
        continue;
      }
      await sink.put(
        piece.path,
        piece.bytes,
        hashed(piece, (file) => files.push(file)),
      );
      bytes += piece.bytes;
      options.onStep("copied", bytes);
    }
    const manifest: Manifest = { v: 1, ...taken, left_out: leftOut, files };
    const text = Buffer.from(`${JSON.stringify(manifest)}\n`);
    await sink.put(manifestName, text.length, [text]);
    await sink.close();
    await verifyBackup(part, isArchive(to), options.onStep);
    await rename(part, to);
    return { manifest, bytes };
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    throw error;
  }
}

/** Reads a whole back-up, and throws where a file is not the one that its manifest names. */
async function verifyBackup(path: string, archive: boolean, onStep: OnCopied): Promise<void> {
  let bytes = 0;
  const checked = checkedPieces(path, archive);
  for await (const piece of checked.pieces) {
    for await (const chunk of piece.chunks) bytes += chunk.length;
    onStep("verified", bytes);
  }
  checked.manifest();
}
