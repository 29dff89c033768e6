import { utf8Decode } from "@custody/proof";
import { VerifyError } from "./errors.ts";
import { limits } from "./limits.ts";
import { isBundlePath } from "./paths.ts";

/** What a central directory entry promises about one file. */
export interface ZipEntry {
  readonly path: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  /** Where its local header begins. */
  readonly offset: number;
}

/** APPNOTE 6.3.10: fixed parts of the three records a plain archive has. */
export const localHeaderBytes = 30;
const centralHeaderBytes = 46;
export const endRecordBytes = 22;
export const descriptorBytes = 16;
export const signatures = {
  local: 0x04034b50,
  central: 0x02014b50,
  end: 0x06054b50,
  descriptor: 0x08074b50,
} as const;

const stored = 0;
export const deflated = 8;
/** Sizes follow the data (bit 3); the name is UTF-8 (bit 11), which ASCII is. Every other flag is refused. */
export const descriptorFlag = 0x0008;
const allowedFlags = descriptorFlag | 0x0800;
/** Traditional encryption, strong encryption, masked headers. */
const encryptionFlags = 0x0001 | 0x0040 | 0x2000;
/** Extended timestamp: the one extra field that changes neither a name nor a size. */
const timestampExtra = 0x5455;
const unixHost = 3;
const fileTypeMask = 0xf000;
const regularFile = 0x8000;
const dosDirectory = 0x10;

/** Reads the central entry at `at`; answers it and where the next begins. */
export function readCentralEntry(view: DataView, at: number, end: number): [ZipEntry, number] {
  if (at + centralHeaderBytes > end || view.getUint32(at, true) !== signatures.central) {
    throw new VerifyError("ZIP_FORMAT", "central directory is broken");
  }
  const nameBytes = view.getUint16(at + 28, true);
  const extraBytes = view.getUint16(at + 30, true);
  const commentBytes = view.getUint16(at + 32, true);
  const next = at + centralHeaderBytes + nameBytes + extraBytes + commentBytes;
  if (next > end) throw new VerifyError("ZIP_FORMAT", "central directory entry is cut");
  const entry: ZipEntry = {
    path: readPath(view, at + centralHeaderBytes, nameBytes),
    flags: view.getUint16(at + 8, true),
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    packedSize: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    offset: view.getUint32(at + 42, true),
  };
  assertExtra(view, at + centralHeaderBytes + nameBytes, extraBytes);
  assertPlainFile(view.getUint16(at + 4, true) >> 8, view.getUint32(at + 38, true), entry.path);
  assertEntry(entry);
  if (commentBytes > 0 || view.getUint16(at + 34, true) !== 0) {
    throw new VerifyError("ZIP_UNSUPPORTED", `${entry.path} has a comment or another disk`);
  }
  return [entry, next];
}

/** The name is hostile: it is printed and may be extracted, so only plain relative ASCII paths pass. */
export function readPath(view: DataView, at: number, length: number): string {
  let path = "";
  try {
    path = utf8Decode(new Uint8Array(view.buffer, view.byteOffset + at, length));
  } catch (cause) {
    throw new VerifyError("ZIP_NAME", "a name is not UTF-8", { cause });
  }
  if (!isBundlePath(path, limits.pathCharsMax)) {
    throw new VerifyError(
      "ZIP_NAME",
      "a name is absolute, climbs, is too long or is not plain ASCII",
    );
  }
  return path;
}

/** A Unicode path or a ZIP64 field would let two tools read two different archives. */
export function assertExtra(view: DataView, start: number, length: number): void {
  let at = start;
  const end = start + length;
  while (at < end) {
    const size = at + 4 <= end ? 4 + view.getUint16(at + 2, true) : Number.POSITIVE_INFINITY;
    if (at + size > end || view.getUint16(at, true) !== timestampExtra) {
      throw new VerifyError("ZIP_UNSUPPORTED", "an extra field is broken or not a timestamp");
    }
    at += size;
  }
}

function assertPlainFile(host: number, attributes: number, path: string): void {
  const type = (attributes >>> 16) & fileTypeMask;
  const isPlain = type === regularFile || type === 0;
  if ((host === unixHost && !isPlain) || (attributes & dosDirectory) !== 0) {
    throw new VerifyError("ZIP_LINK", `${path} is a link, a folder or a device`);
  }
}

function assertEntry({ path, flags, method, packedSize, size }: ZipEntry): void {
  if ((flags & encryptionFlags) !== 0)
    throw new VerifyError("ZIP_ENCRYPTED", `${path} is encrypted`);
  if ((flags & ~allowedFlags) !== 0)
    throw new VerifyError("ZIP_UNSUPPORTED", `${path} has odd flags`);
  if (method !== stored && method !== deflated) {
    throw new VerifyError("ZIP_METHOD", `${path} is packed by method ${method}`);
  }
  if (size > limits.fileBytesMax || packedSize > limits.fileBytesMax) {
    throw new VerifyError("ZIP_LIMIT", `${path} is larger than ${limits.fileBytesMax} bytes`);
  }
  if (method === stored && size !== packedSize) {
    throw new VerifyError("ZIP_HEADER_MISMATCH", `${path} is stored but has two sizes`);
  }
  const ratioFits = size <= limits.ratioFreeBytes || size <= packedSize * limits.inflateRatioMax;
  if (!ratioFits) throw new VerifyError("ZIP_RATIO", `${path} would grow too much`);
}
