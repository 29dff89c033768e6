import { hash } from "node:crypto";
import { createWriteStream, readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { inflateRawSync } from "node:zlib";
import { zipBytes } from "@custody/evidence";
import { printEnvelope, type Signer, signEnvelope } from "@custody/proof";
import {
  bundleStatement,
  type Manifest,
  openZip,
  parseManifest,
  paths,
  printChecksums,
  printManifest,
  statementPayloadType,
} from "@custody/verify";
import { sha256 } from "./crypto.ts";

/** The files of a bundle, unpacked: a forger's desk. */
export type BundleFiles = Map<string, Buffer>;

export const digestOf = (bytes: Uint8Array): string => hash("sha256", bytes, "hex");

export async function readBundleFiles(file: string): Promise<BundleFiles> {
  const zip = openZip(readFileSync(file), {
    inflateRaw: (packed, size) => inflateRawSync(packed, { maxOutputLength: Math.max(1, size) }),
  });
  const files: BundleFiles = new Map();
  for (const path of zip.paths) files.set(path, Buffer.from(await zip.read(path)));
  return files;
}

export async function writeBundleFiles(files: BundleFiles, out: string): Promise<void> {
  const sources = [...files].map(([path, bytes]) => ({ path, read: () => Readable.from([bytes]) }));
  const archive = zipBytes(sources, new Date("2026-01-01T00:00:00Z"));
  await pipeline(Readable.from(archive, { objectMode: false }), createWriteStream(out));
}

export const textOf = (files: BundleFiles, path: string): string =>
  files.get(path)?.toString("utf8") ?? "";

export const linesOf = (files: BundleFiles, path: string): string[] =>
  textOf(files, path).trimEnd().split("\n");

export function putLines(files: BundleFiles, path: string, lines: readonly string[]): void {
  files.set(path, Buffer.from(lines.map((line) => `${line}\n`).join("")));
}

/** What whoever holds the bundle key can always do: list every file again, sum them up, and sign. */
export async function resign(
  files: BundleFiles,
  signer: Signer,
  edit: (manifest: Manifest) => Manifest = (manifest) => manifest,
): Promise<void> {
  const before = edit(parseManifest(files.get(paths.manifest) ?? Buffer.alloc(0)));
  const types = new Map(before.files.map(({ path, media_type }) => [path, media_type]));
  const listed = [...files]
    .filter(([path]) => isListed(path))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, bytes]) => ({
      path,
      size: bytes.length,
      sha256: digestOf(bytes),
      media_type: types.get(path) ?? "application/octet-stream",
    }));
  const manifest = { ...before, files: listed };
  const bytes = printManifest(manifest);
  files.set(paths.manifest, Buffer.from(bytes));
  const summed = [...files].filter(([path]) => isListed(path) || path === paths.manifest);
  const sums = printChecksums(summed.map(([path, file]) => ({ path, sha256: digestOf(file) })));
  files.set(paths.checksums, Buffer.from(sums));
  const payload = bundleStatement(manifest, digestOf(bytes));
  const envelope = await signEnvelope(
    sha256,
    { payloadType: statementPayloadType, payload },
    signer,
  );
  files.set(paths.envelope, Buffer.from(printEnvelope(envelope)));
}

/** What is made from the list cannot be on it. */
const isListed = (path: string): boolean =>
  !path.startsWith("signatures/") && path !== paths.manifest && path !== paths.checksums;
