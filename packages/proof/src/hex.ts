import { ProofError } from "./errors.ts";

const digits = "0123456789abcdef";
const pairs: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => `${digits[byte >> 4]}${digits[byte & 15]}`,
);
const values: ReadonlyMap<string, number> = new Map(pairs.map((pair, byte) => [pair, byte]));

export function hexEncode(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += pairs[byte];
  return text;
}

/** Lower case only: one value has one spelling, so two files that differ never mean the same. */
export function hexDecode(text: string): Uint8Array {
  if (text.length % 2 !== 0) throw new ProofError("HEX", "odd number of hex digits");
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    const byte = values.get(text.slice(2 * i, 2 * i + 2));
    if (byte === undefined) throw new ProofError("HEX", `not lower-case hex at ${2 * i}`);
    bytes[i] = byte;
  }
  return bytes;
}
