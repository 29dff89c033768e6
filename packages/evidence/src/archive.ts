import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Staging } from "./staging.ts";
import { zipBytes } from "./zip-writer.ts";

/** Packs the staged files under one time, sorted by name. The archive appears under its name only when it is complete. */
export async function writeArchive(staging: Staging, out: string, time: string): Promise<void> {
  const sources = staging.files().map(({ path }) => ({ path, read: () => staging.read(path) }));
  const bytes = Readable.from(zipBytes(sources, new Date(time)), { objectMode: false });
  const partial = `${out}.partial`;
  try {
    await pipeline(bytes, createWriteStream(partial, { mode: 0o600 }));
    await rename(partial, out);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
