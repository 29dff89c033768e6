import { createHash } from "node:crypto";
import { closeSync, createReadStream, mkdirSync, openSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import type { ManifestFile } from "@custody/verify";

/** A file of the bundle while it is written: hashed on the way, so that nothing is read twice. */
export interface StagedFile {
  write(text: string): void;
}

/** The bundle's files in a folder of their own until the archive is made. Paths are ours, never made from what an agent said. */
export interface Staging {
  open(path: string): StagedFile;
  put(path: string, data: string | Uint8Array): void;
  /** Size and digest of what was written so far, by path. */
  files(): readonly ManifestFile[];
  digest(path: string): string;
  read(path: string): Readable;
  remove(): Promise<void>;
}

interface Open {
  readonly descriptor: number;
  readonly hash: ReturnType<typeof createHash>;
  size: number;
  sha256?: string;
}

const mediaTypes: Readonly<Record<string, string>> = {
  csv: "text/csv",
  html: "text/html",
  json: "application/json",
  jsonl: "application/x-ndjson",
  yaml: "application/yaml",
  sql: "application/sql",
};

export async function openStaging(parent: string): Promise<Staging> {
  const folder = await mkdtemp(join(parent, ".custody-export-"));
  const staged = new Map<string, Open>();
  const open = (path: string): Open => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const entry: Open = {
      descriptor: openSync(file, "wx", 0o600),
      hash: createHash("sha256"),
      size: 0,
    };
    staged.set(path, entry);
    return entry;
  };
  const append = (entry: Open, data: string | Uint8Array): void => {
    const bytes = typeof data === "string" ? Buffer.from(data, "utf8") : data;
    // Unlike `writeSync`, this goes on until everything is written.
    writeFileSync(entry.descriptor, bytes);
    entry.hash.update(bytes);
    entry.size += bytes.length;
  };
  const closed = (path: string): { size: number; sha256: string } => {
    const entry = staged.get(path);
    if (entry === undefined) throw new RangeError(`${path} was never staged`);
    if (entry.sha256 === undefined) {
      closeSync(entry.descriptor);
      entry.sha256 = entry.hash.digest("hex");
    }
    return { size: entry.size, sha256: entry.sha256 };
  };
  return {
    open(path) {
      const entry = open(path);
      return { write: (text) => append(entry, text) };
    },
    put: (path, data) => append(open(path), data),
    files: () =>
      [...staged.keys()].sort().map((path) => {
        const extension = path.slice(path.lastIndexOf(".") + 1);
        return { path, ...closed(path), media_type: mediaTypes[extension] ?? "text/plain" };
      }),
    digest: (path) => closed(path).sha256,
    read(path) {
      closed(path);
      return createReadStream(join(folder, path));
    },
    async remove() {
      for (const path of staged.keys()) closed(path);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
