import type { BundleReader } from "./bundle.ts";
import { crc32 } from "./crc32.ts";
import { VerifyError } from "./errors.ts";
import { limits } from "./limits.ts";
import {
  assertExtra,
  deflated,
  descriptorBytes,
  descriptorFlag,
  endRecordBytes,
  localHeaderBytes,
  readCentralEntry,
  readPath,
  signatures,
  type ZipEntry,
} from "./zip-header.ts";

/**
 * Inflates raw deflate data that must give exactly `size` bytes. It must stop, and throw, when more would come:
 * the size is what a hostile file claims.
 */
export type InflateRaw = (packed: Uint8Array, size: number) => Uint8Array | Promise<Uint8Array>;

/** What the place that runs the verifier brings. `crc32` may be left out; a native one is some times faster. */
export interface ZipPorts {
  readonly inflateRaw: InflateRaw;
  readonly crc32?: (bytes: Uint8Array) => number;
}

interface PlacedEntry extends ZipEntry {
  /** Where its data begins. */
  readonly data: number;
}

/**
 * Opens a ZIP without extracting it. It takes only archives that every tool reads alike: entries back to back from the
 * first byte in the order of the central directory, both headers equal, nothing before, between or behind.
 */
export function openZip(bytes: Uint8Array, ports: ZipPorts): BundleReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries = readDirectory(view);
  const places = placeEntries(view, entries);
  return {
    paths: [...places.keys()],
    async read(path) {
      const entry = places.get(path);
      if (entry === undefined) throw new VerifyError("FILE_ABSENT", `${path} is absent`);
      return unpack(bytes, entry, ports);
    },
  };
}

interface Directory {
  readonly entries: readonly ZipEntry[];
  readonly start: number;
}

function readDirectory(view: DataView): Directory {
  const end = view.byteLength - endRecordBytes;
  if (end < 0 || view.getUint32(end, true) !== signatures.end) {
    throw new VerifyError("ZIP_FORMAT", "the file does not end in a plain end record");
  }
  const count = view.getUint16(end + 10, true);
  const size = view.getUint32(end + 12, true);
  const start = view.getUint32(end + 16, true);
  const oneDisk = view.getUint32(end + 4, true) === 0 && view.getUint16(end + 8, true) === count;
  if (!oneDisk || view.getUint16(end + 20, true) !== 0) {
    throw new VerifyError("ZIP_UNSUPPORTED", "the archive has several disks or a comment");
  }
  if (count > limits.bundleFilesMax) {
    throw new VerifyError("ZIP_LIMIT", `more than ${limits.bundleFilesMax} files`);
  }
  if (start + size !== end) throw new VerifyError("ZIP_STRAY_BYTES", "bytes beside the directory");
  const entries: ZipEntry[] = [];
  let at = start;
  while (entries.length < count) {
    const [entry, next] = readCentralEntry(view, at, end);
    entries.push(entry);
    at = next;
  }
  if (at !== end) throw new VerifyError("ZIP_STRAY_BYTES", "bytes behind the directory");
  return { entries, start };
}

function placeEntries(view: DataView, { entries, start }: Directory): Map<string, PlacedEntry> {
  const places = new Map<string, PlacedEntry>();
  const folded = new Set<string>();
  let at = 0;
  let total = 0;
  for (const entry of entries) {
    // Some file systems fold case: two names that differ in case alone would overwrite each other.
    const name = entry.path.toLowerCase();
    if (folded.has(name)) throw new VerifyError("ZIP_DUPLICATE", `${entry.path} stands twice`);
    folded.add(name);
    total += entry.size;
    if (entry.offset !== at) throw new VerifyError("ZIP_STRAY_BYTES", `bytes before ${entry.path}`);
    const data = checkLocalHeader(view, entry, start);
    places.set(entry.path, { ...entry, data });
    at = checkDescriptor(view, entry, data + entry.packedSize, start);
  }
  if (at !== start) throw new VerifyError("ZIP_STRAY_BYTES", "bytes before the directory");
  if (total > limits.bundleBytesMax) {
    throw new VerifyError("ZIP_LIMIT", `files of ${total} bytes exceed ${limits.bundleBytesMax}`);
  }
  return places;
}

/** Answers where the data begins. Some tools read the local header and some the central one: they must agree. */
function checkLocalHeader(view: DataView, entry: ZipEntry, end: number): number {
  const at = entry.offset;
  if (at + localHeaderBytes > end || view.getUint32(at, true) !== signatures.local) {
    throw new VerifyError("ZIP_FORMAT", `${entry.path} has no local header`);
  }
  const nameBytes = view.getUint16(at + 26, true);
  const extraBytes = view.getUint16(at + 28, true);
  const data = at + localHeaderBytes + nameBytes + extraBytes;
  if (data + entry.packedSize > end) throw new VerifyError("ZIP_FORMAT", `${entry.path} is cut`);
  const follows = (entry.flags & descriptorFlag) !== 0;
  const agrees =
    view.getUint16(at + 6, true) === entry.flags &&
    view.getUint16(at + 8, true) === entry.method &&
    view.getUint32(at + 14, true) === (follows ? 0 : entry.crc) &&
    view.getUint32(at + 18, true) === (follows ? 0 : entry.packedSize) &&
    view.getUint32(at + 22, true) === (follows ? 0 : entry.size) &&
    readPath(view, at + localHeaderBytes, nameBytes) === entry.path;
  if (!agrees)
    throw new VerifyError("ZIP_HEADER_MISMATCH", `${entry.path} has two headers that differ`);
  assertExtra(view, at + localHeaderBytes + nameBytes, extraBytes);
  return data;
}

/** Answers where the next entry must begin. */
function checkDescriptor(view: DataView, entry: ZipEntry, at: number, end: number): number {
  if ((entry.flags & descriptorFlag) === 0) return at;
  const agrees =
    at + descriptorBytes <= end &&
    view.getUint32(at, true) === signatures.descriptor &&
    view.getUint32(at + 4, true) === entry.crc &&
    view.getUint32(at + 8, true) === entry.packedSize &&
    view.getUint32(at + 12, true) === entry.size;
  if (!agrees) throw new VerifyError("ZIP_HEADER_MISMATCH", `${entry.path} has a false descriptor`);
  return at + descriptorBytes;
}

async function unpack(
  bytes: Uint8Array,
  entry: PlacedEntry,
  { inflateRaw, crc32: checksum = crc32 }: ZipPorts,
): Promise<Uint8Array> {
  const packed = bytes.subarray(entry.data, entry.data + entry.packedSize);
  const plain = entry.method === deflated ? await inflate(packed, entry, inflateRaw) : packed;
  if (plain.length !== entry.size || checksum(plain) !== entry.crc) {
    throw new VerifyError("ZIP_CRC", `${entry.path} does not have its size or checksum`);
  }
  return plain;
}

async function inflate(
  packed: Uint8Array,
  entry: PlacedEntry,
  inflateRaw: InflateRaw,
): Promise<Uint8Array> {
  try {
    return await inflateRaw(packed, entry.size);
  } catch (cause) {
    throw new VerifyError("ZIP_CRC", `${entry.path} cannot be inflated to its size`, { cause });
  }
}
