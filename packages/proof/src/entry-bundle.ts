import { ProofError } from "./errors.ts";
import { entryBytesMax } from "./limits.ts";
import { tileWidth } from "./tile.ts";

/** C2SP tlog-tiles: entries one after another, each behind its length as a big-endian uint16. */
export function printEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length === 0 || entries.length > tileWidth) {
    throw new ProofError("ENTRY_BUNDLE", `${entries.length} entries are no bundle`);
  }
  const bytes = new Uint8Array(entries.reduce((total, entry) => total + 2 + entry.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const entry of entries) {
    if (entry.length > entryBytesMax) {
      throw new ProofError(
        "ENTRY_BUNDLE",
        `entry of ${entry.length} bytes exceeds ${entryBytesMax}`,
      );
    }
    view.setUint16(at, entry.length);
    bytes.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return bytes;
}

/** Every byte must belong to an entry; the caller compares the count with the width it asked for. */
export function parseEntryBundle(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (entries.length === tileWidth) {
      throw new ProofError("ENTRY_BUNDLE", `more than ${tileWidth} entries`);
    }
    const end = at + 2 > bytes.length ? Number.POSITIVE_INFINITY : at + 2 + view.getUint16(at);
    if (end > bytes.length) throw new ProofError("ENTRY_BUNDLE", `entry ${entries.length} is cut`);
    entries.push(bytes.slice(at + 2, end));
    at = end;
  }
  return entries;
}
