import { base64Decode, base64Encode } from "./base64.ts";
import { concatBytes } from "./bytes.ts";
import { cosignedMessage, readCosignature } from "./cosigned-message.ts";
import { ProofError } from "./errors.ts";
import { hexDecode, hexEncode } from "./hex.ts";
import { assertKeyName, createNoteKey, type NoteKey } from "./key.ts";
import { noteBytesMax, noteSignaturesMax } from "./limits.ts";
import type { Sha256, SignatureCheck, Signer } from "./ports.ts";
import { utf8Decode, utf8Encode } from "./utf8.ts";

export interface NoteSignature {
  readonly name: string;
  /** 8 hex digits. */
  readonly keyId: string;
  /** What follows the key id: 64 bytes for Ed25519, 72 for a cosignature, anything for unknown keys. */
  readonly signature: Uint8Array;
}

export interface SignedNote {
  /** Ends in a newline; this, in UTF-8, is what the signatures cover. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/**
 * "verified" names the known keys whose signature holds; "forged" names a known key whose signature does not,
 * which condemns the note; "unknown" means that no known key signed.
 */
export type NoteVerdict =
  | { readonly verdict: "verified"; readonly keys: readonly NoteKey[] }
  | { readonly verdict: "forged"; readonly key: NoteKey }
  | { readonly verdict: "unknown" };

const emDash = "\u2014";
// biome-ignore lint/suspicious/noControlCharactersInRegex: signed-note forbids exactly these.
const forbidden = /[\u0000-\u0009\u000b-\u001f]/;
const signatureLine = /^\u2014 ([^ ]+) ([A-Za-z0-9+/]+={0,2})$/;

export function parseNote(bytes: Uint8Array): SignedNote {
  if (bytes.length > noteBytesMax) {
    throw new ProofError("NOTE_LIMIT", `note of ${bytes.length} bytes exceeds ${noteBytesMax}`);
  }
  const note = utf8Decode(bytes);
  if (forbidden.test(note)) throw new ProofError("NOTE_FORMAT", "note has a control character");
  // The text may hold empty lines, signature lines may not: the last empty line parts them.
  const blank = note.lastIndexOf("\n\n");
  if (blank < 0 || !note.endsWith("\n"))
    throw new ProofError("NOTE_FORMAT", "note has no signatures");
  const lines = note.slice(blank + 2, -1).split("\n");
  if (lines.length > noteSignaturesMax) {
    throw new ProofError("NOTE_LIMIT", `note has more than ${noteSignaturesMax} signatures`);
  }
  return { text: note.slice(0, blank + 1), signatures: lines.map(parseSignatureLine) };
}

function parseSignatureLine(line: string): NoteSignature {
  const [, name, encoded] = signatureLine.exec(line) ?? [];
  if (name === undefined || encoded === undefined) {
    throw new ProofError("NOTE_FORMAT", "malformed signature line");
  }
  assertKeyName(name);
  const blob = base64Decode(encoded);
  if (blob.length < 5) throw new ProofError("NOTE_FORMAT", "signature is shorter than its key id");
  return { name, keyId: hexEncode(blob.subarray(0, 4)), signature: blob.slice(4) };
}

export function printNote({ text, signatures }: SignedNote): string {
  assertNoteText(text);
  return `${text}\n${signatures.map(printSignatureLine).join("")}`;
}

function printSignatureLine({ name, keyId, signature }: NoteSignature): string {
  assertKeyName(name);
  return `${emDash} ${name} ${base64Encode(concatBytes([hexDecode(keyId), signature]))}\n`;
}

function assertNoteText(text: string): void {
  if (!text.endsWith("\n") || forbidden.test(text)) {
    throw new ProofError(
      "NOTE_FORMAT",
      "note text must end in a newline and have no control character",
    );
  }
}

/** The key is stated apart, so that a signer known by its vkey alone (a command, a KMS) fits as it is. */
export interface NoteSigner {
  readonly key: NoteKey;
  readonly signer: Pick<Signer, "sign">;
}

export function createNoteSigner(sha256: Sha256, name: string, signer: Signer): NoteSigner {
  return {
    key: createNoteKey(sha256, { name, type: "ed25519", publicKey: signer.publicKey }),
    signer,
  };
}

/** Signs with every key in turn; two keys are how a key is rotated without losing old verifiers. */
export async function signNote(text: string, signers: readonly NoteSigner[]): Promise<string> {
  assertNoteText(text);
  const message = utf8Encode(text);
  const signatures = await Promise.all(
    signers.map(async ({ key, signer }) => ({
      name: key.name,
      keyId: key.id,
      signature: await signer.sign(message),
    })),
  );
  return printNote({ text, signatures });
}

/** Unknown keys are ignored, even those that share a name or an id with a known one (C2SP signed-note). */
export async function verifyNote(
  check: SignatureCheck,
  note: SignedNote,
  known: readonly NoteKey[],
): Promise<NoteVerdict> {
  const text = utf8Encode(note.text);
  const verified = new Set<NoteKey>();
  for (const signature of note.signatures) {
    const key = known.find(({ name, id }) => name === signature.name && id === signature.keyId);
    if (key === undefined) continue;
    // One after another: the first forged signature ends the work a hostile note can cause.
    if (!(await holds(check, key, text, signature.signature))) return { verdict: "forged", key };
    verified.add(key);
  }
  return verified.size > 0 ? { verdict: "verified", keys: [...verified] } : { verdict: "unknown" };
}

async function holds(
  check: SignatureCheck,
  { type, publicKey }: NoteKey,
  text: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (type === "ed25519") {
    return signature.length === 64 && check({ publicKey, message: text, signature });
  }
  const cosignature = readCosignature(signature);
  if (cosignature === undefined) return false;
  const message = cosignedMessage(cosignature.timeSeconds, text);
  return check({ publicKey, message, signature: cosignature.signature });
}
