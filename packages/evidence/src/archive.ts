import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import type { Staging } from "./staging.ts";

/** ZIP keeps years from 1980 to 2107. */
const earliest = Date.UTC(1980, 0, 1);
const latest = Date.UTC(2107, 11, 31);

/**
 * Packs the staged files: sorted names, one time, one mode, so that equal content is equal bytes wherever it is made.
 * The archive appears under its name only when it is complete.
 */
export async function writeArchive(staging: Staging, out: string, time: string): Promise<void> {
  const zip = new ZipFile();
  const mtime = new UtcDate(Math.min(Math.max(Date.parse(time), earliest), latest));
  const options = { mtime, mode: 0o100644, compressionLevel: 6, forceDosTimestamp: true };
  for (const { path, size } of staging.files()) {
    zip.addReadStreamLazy(path, { ...options, size }, (give) => give(null, staging.read(path)));
  }
  zip.end();
  const partial = `${out}.partial`;
  try {
    await pipeline(zip.outputStream, createWriteStream(partial, { flags: "wx", mode: 0o600 }));
    await rename(partial, out);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** ZIP has local times without a zone, and yazl asks for the local ones: these are always those of UTC. */
class UtcDate extends Date {
  override getFullYear(): number {
    return this.getUTCFullYear();
  }
  override getMonth(): number {
    return this.getUTCMonth();
  }
  override getDate(): number {
    return this.getUTCDate();
  }
  override getHours(): number {
    return this.getUTCHours();
  }
  override getMinutes(): number {
    return this.getUTCMinutes();
  }
  override getSeconds(): number {
    return this.getUTCSeconds();
  }
}
