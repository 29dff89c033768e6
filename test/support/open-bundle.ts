import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import { openZip } from "@custody/verify";

const ports = {
  inflateRaw: (packed: Uint8Array, size: number) =>
    inflateRawSync(packed, { maxOutputLength: Math.max(1, size) }),
};

/** Reads files of a bundle as text, without extracting it. */
export function openBundle(file: string): (path: string) => Promise<string> {
  const zip = openZip(readFileSync(file), ports);
  return async (path) => Buffer.from(await zip.read(path)).toString("utf8");
}

openBundle.paths = (file: string): readonly string[] => openZip(readFileSync(file), ports).paths;
