import { hash } from "node:crypto";

/** HMAC-SHA-256 (RFC 2104) under one key. */
export interface KeyedHash {
  /** Lower-case hex. */
  hex(text: string): string;
  bytes(text: string): Buffer;
}

const blockBytes = 64;
const digestBytes = 32;
const scratchBytesMax = 1_048_576;

/**
 * Two one-shot hashes over a scratch buffer instead of an Hmac object a call: every record takes three or four, and what the objects cost
 * is not the hashing but to make them and to collect them (measured: an eighth of the stamp step).
 */
export function createKeyedHash(key: Uint8Array): KeyedHash {
  const block = Buffer.alloc(blockBytes);
  block.set(key.length > blockBytes ? hash("sha256", key, "buffer") : key);
  let inner = padded(block, 0x36, 4_096);
  const outer = padded(block, 0x5c, digestBytes);

  const fill = (text: string): Uint8Array => {
    // No string has more bytes than three times its units.
    const need = blockBytes + text.length * 3;
    const room = need <= inner.length ? inner : padded(block, 0x36, need - blockBytes);
    if (need > inner.length && need <= scratchBytesMax) inner = room;
    const end = blockBytes + room.write(text, blockBytes, "utf8");
    // As a text: a digest as a buffer costs four times as much, since each has memory of its own outside the heap.
    outer.write(hash("sha256", room.subarray(0, end), "binary"), blockBytes, "latin1");
    return outer;
  };

  return {
    hex: (text) => hash("sha256", fill(text), "hex"),
    bytes: (text) => Buffer.from(hash("sha256", fill(text), "binary"), "latin1"),
  };
}

/** The key's block, each byte XORed with `pad`, and room for `bytes` behind it. */
function padded(block: Uint8Array, pad: number, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(blockBytes + bytes);
  for (let i = 0; i < blockBytes; i++) buffer[i] = (block[i] ?? 0) ^ pad;
  return buffer;
}
