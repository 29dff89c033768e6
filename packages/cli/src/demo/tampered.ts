import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { zipBytes } from "@custody/evidence";
import { openBundle } from "../runtime/verify-file.ts";

/** Writes a copy of a bundle in which one byte of one file is another: a sound archive, with something else in it. */
export async function writeTampered(
  bundle: string,
  out: string,
  change: { readonly path: string; readonly find: string; readonly replace: string },
): Promise<void> {
  const { paths, read } = openBundle(bundle);
  const sources = await Promise.all(
    paths.map(async (path) => {
      const bytes = await read(path);
      return { path, bytes: path === change.path ? changed(bytes, change) : bytes };
    }),
  );
  const archive = zipBytes(
    sources.map(({ path, bytes }) => ({ path, read: () => Readable.from([Buffer.from(bytes)]) })),
    new Date("2026-01-01T00:00:00Z"),
  );
  await pipeline(Readable.from(archive, { objectMode: false }), createWriteStream(out));
}

function changed(
  bytes: Uint8Array,
  change: { readonly find: string; readonly replace: string },
): Buffer {
  const text = Buffer.from(bytes).toString("utf8");
  const at = text.indexOf(change.find);
  if (at < 0 || change.find.length !== change.replace.length) {
    throw new RangeError("the demo's change does not fit its bundle");
  }
  return Buffer.from(text.slice(0, at) + change.replace + text.slice(at + change.find.length));
}
