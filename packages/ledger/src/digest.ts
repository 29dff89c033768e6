import { createHmac, hash } from "node:crypto";
import { createTreeHasher, type Sha256, type TreeHasher } from "@custody/proof";

/**
 * One call of the one-shot hash: measured faster than a hash object for the sizes of records. Through a text, because each digest as a buffer
 * would have memory of its own outside the heap, which costs more than hashing; these stand in the pool of small buffers.
 */
export const sha256: Sha256 = (bytes) => Buffer.from(hash("sha256", bytes, "binary"), "latin1");

export const treeHasher: TreeHasher = createTreeHasher(sha256);

export function sha256Hex(bytes: Uint8Array | string): string {
  return hash("sha256", bytes, "hex");
}

export function hmacSha256(key: Uint8Array, text: string): Buffer {
  return createHmac("sha256", key).update(text, "utf8").digest();
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

export function bytesOfHex(hex: string): Uint8Array {
  return Buffer.from(hex, "hex");
}
