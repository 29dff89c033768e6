import { base64Decode, base64Encode } from "./base64.ts";
import { concatBytes } from "./bytes.ts";
import { ProofError } from "./errors.ts";
import { hexEncode } from "./hex.ts";
import { keyNameBytesMax } from "./limits.ts";
import type { Sha256 } from "./ports.ts";
import { utf8Encode } from "./utf8.ts";

/** Signature type bytes of C2SP signed-note that we speak: a log's own signature, a witness's cosignature. */
const noteKeyTypes = { ed25519: 0x01, cosignature: 0x04 } as const;
export type NoteKeyType = keyof typeof noteKeyTypes;

/** A public key as a verifier configures it. Name and id together name it; neither alone does. */
export interface NoteKey {
  readonly name: string;
  /** 8 hex digits. */
  readonly id: string;
  readonly type: NoteKeyType;
  /** 32 bytes, RFC 8032. */
  readonly publicKey: Uint8Array;
}

const publicKeyBytes = 32;
const unicodeSpaceOrPlus = /[\p{White_Space}+]/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a note forbids control characters, so a name in it does too.
const controlCharacter = /[\u0000-\u001f]/;

export function assertKeyName(name: string): void {
  const fits =
    name !== "" &&
    !unicodeSpaceOrPlus.test(name) &&
    !controlCharacter.test(name) &&
    utf8Encode(name).length <= keyNameBytesMax;
  if (!fits)
    throw new ProofError("NOTE_KEY_NAME", "key name is empty, too long, or has space or plus");
}

/** Derives the id: SHA-256(name || 0x0A || type || public key), its first four bytes. */
export function createNoteKey(
  sha256: Sha256,
  { name, type, publicKey }: Omit<NoteKey, "id">,
): NoteKey {
  assertKeyName(name);
  if (publicKey.length !== publicKeyBytes) {
    throw new ProofError("KEY_LENGTH", `public key has ${publicKey.length} bytes`);
  }
  const named = [utf8Encode(name), Uint8Array.of(0x0a, noteKeyTypes[type]), publicKey];
  return { name, type, publicKey, id: hexEncode(sha256(concatBytes(named)).subarray(0, 4)) };
}

/** Prints `name+id+base64(type || public key)`. */
export function printVkey({ name, id, type, publicKey }: NoteKey): string {
  return `${name}+${id}+${base64Encode(concatBytes([Uint8Array.of(noteKeyTypes[type]), publicKey]))}`;
}

/** The id is derived again: a vkey whose id belongs to another key is refused, not believed. */
export function parseVkey(sha256: Sha256, vkey: string): NoteKey {
  const [, name, id, encoded] = /^([^+]*)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(vkey) ?? [];
  if (name === undefined || id === undefined || encoded === undefined) {
    throw new ProofError("NOTE_VKEY", "not a vkey");
  }
  const bytes = base64Decode(encoded);
  const type = typeOf(bytes[0]);
  const key = createNoteKey(sha256, { name, type, publicKey: bytes.slice(1) });
  if (key.id !== id) throw new ProofError("NOTE_KEY_ID", `key id is ${key.id}, not ${id}`);
  return key;
}

function typeOf(byte: number | undefined): NoteKeyType {
  for (const type of ["ed25519", "cosignature"] as const) {
    if (noteKeyTypes[type] === byte) return type;
  }
  throw new ProofError("NOTE_KEY_TYPE", `signature type ${byte} is not supported`);
}
