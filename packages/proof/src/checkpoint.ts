import { base64Decode, base64Encode } from "./base64.ts";
import { assertDigest } from "./bytes.ts";
import { ProofError } from "./errors.ts";
import { assertKeyName, type NoteKey } from "./key.ts";
import {
  type NoteSigner,
  type NoteVerdict,
  parseNote,
  type SignedNote,
  signNote,
  verifyNote,
} from "./note.ts";
import type { SignatureCheck } from "./ports.ts";
import { assertTreeSize } from "./subtree.ts";

/** C2SP tlog-checkpoint, without extension lines: nobody audits those, and newer cosignatures do not cover them. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

export interface SignedCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly note: SignedNote;
}

export function printCheckpoint({ origin, size, root }: Checkpoint): string {
  assertOrigin(origin);
  assertTreeSize(size);
  assertDigest(root, "root");
  return `${origin}\n${size}\n${base64Encode(root)}\n`;
}

/** Takes the one canonical spelling only, so that a body and its meaning are the same thing. */
export function parseCheckpoint(body: string): Checkpoint {
  const lines = body.split("\n");
  const [origin, size, root, ...rest] = lines;
  if (origin === undefined || size === undefined || root === undefined || rest.at(-1) !== "") {
    throw new ProofError("CHECKPOINT_FORMAT", "a checkpoint has three lines");
  }
  if (rest.length > 1) throw new ProofError("CHECKPOINT_EXTENSION", "extension lines are refused");
  assertOrigin(origin);
  return { origin, size: parseSize(size), root: parseRoot(root) };
}

function assertOrigin(origin: string): void {
  try {
    // The log signs under its origin, so an origin must be usable as a key name.
    assertKeyName(origin);
  } catch (cause) {
    throw new ProofError("CHECKPOINT_ORIGIN", "origin is not a usable key name", { cause });
  }
}

function parseSize(text: string): number {
  // Printing it again and comparing refuses leading zeroes, and numbers that do not fit (A hostile size is long).
  const size = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(size) || String(size) !== text) {
    throw new ProofError("CHECKPOINT_SIZE", "tree size is not canonical decimal up to 2^53 - 1");
  }
  return size;
}

function parseRoot(text: string): Uint8Array {
  try {
    const root = base64Decode(text);
    assertDigest(root, "root");
    return root;
  } catch (cause) {
    throw new ProofError("CHECKPOINT_ROOT", "root is not the base64 of 32 bytes", { cause });
  }
}

export function parseSignedCheckpoint(bytes: Uint8Array): SignedCheckpoint {
  const note = parseNote(bytes);
  return { checkpoint: parseCheckpoint(note.text), note };
}

export function signCheckpoint(
  checkpoint: Checkpoint,
  signers: readonly NoteSigner[],
): Promise<string> {
  return signNote(printCheckpoint(checkpoint), signers);
}

/** The log's own signature: a key counts only where its name is the origin, so no log speaks for another. */
export function verifyCheckpoint(
  check: SignatureCheck,
  { checkpoint, note }: SignedCheckpoint,
  known: readonly NoteKey[],
): Promise<NoteVerdict> {
  const own = known.filter(({ name, type }) => name === checkpoint.origin && type === "ed25519");
  return verifyNote(check, note, own);
}
