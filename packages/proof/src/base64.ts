import { ProofError } from "./errors.ts";

interface Alphabet {
  readonly symbols: string;
  readonly values: Int16Array;
  readonly padded: boolean;
}

const common = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

function alphabet(symbols: string, padded: boolean): Alphabet {
  const values = new Int16Array(128).fill(-1);
  for (let i = 0; i < symbols.length; i++) values[symbols.charCodeAt(i)] = i;
  return { symbols, values, padded };
}

/** RFC 4648 section 4, padded: notes, checkpoints, proofs, DSSE. */
const standard = alphabet(`${common}+/`, true);
/** RFC 4648 section 5, without padding: nonces and disclosures in records. */
const urlSafe = alphabet(`${common}-_`, false);

export function base64Encode(bytes: Uint8Array): string {
  return encode(bytes, standard);
}

/** Refuses white space, missing padding and stray trailing bits: one value has one spelling. */
export function base64Decode(text: string): Uint8Array {
  return decode(text, standard);
}

export function base64UrlEncode(bytes: Uint8Array): string {
  return encode(bytes, urlSafe);
}

export function base64UrlDecode(text: string): Uint8Array {
  return decode(text, urlSafe);
}

function encode(bytes: Uint8Array, { symbols, padded }: Alphabet): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text += symbols.charAt(group >> 18) + symbols.charAt((group >> 12) & 63);
    if (left > 1) text += symbols.charAt((group >> 6) & 63);
    if (left > 2) text += symbols.charAt(group & 63);
  }
  return padded ? text.padEnd(Math.ceil(text.length / 4) * 4, "=") : text;
}

function decode(text: string, { values, padded }: Alphabet): Uint8Array {
  const symbols = padded ? unpadded(text) : text;
  if (symbols.length % 4 === 1) throw new ProofError("BASE64", "impossible base64 length");
  const bytes = new Uint8Array(Math.floor((symbols.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < symbols.length; i++) {
    const value = values[symbols.charCodeAt(i)] ?? -1;
    if (value < 0) throw new ProofError("BASE64", `not a base64 symbol at ${i}`);
    held = ((held << 6) | value) & 0xfff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = held >> bits;
    }
  }
  if ((held & ((1 << bits) - 1)) !== 0) throw new ProofError("BASE64", "stray trailing bits");
  return bytes;
}

function unpadded(text: string): string {
  if (text.length % 4 !== 0) throw new ProofError("BASE64", "base64 is not padded");
  if (text.endsWith("==")) return text.slice(0, -2);
  return text.endsWith("=") ? text.slice(0, -1) : text;
}
