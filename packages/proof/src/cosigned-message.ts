import { concatBytes } from "./bytes.ts";
import { ProofError } from "./errors.ts";
import { utf8Encode } from "./utf8.ts";

const timeBytes = 8;
const signatureBytes = 64;

/** What a witness puts behind its key id: the time it saw the tree, then an Ed25519 signature. */
export interface Cosignature {
  readonly timeSeconds: number;
  readonly signature: Uint8Array;
}

/** The bytes a type 0x04 cosignature signs: two header lines, then the whole checkpoint body. */
export function cosignedMessage(timeSeconds: number, body: Uint8Array): Uint8Array {
  if (!Number.isSafeInteger(timeSeconds) || timeSeconds < 0) {
    throw new ProofError("COSIGNATURE_TIME", `${timeSeconds} is not a time in whole seconds`);
  }
  return concatBytes([utf8Encode(`cosignature/v1\ntime ${timeSeconds}\n`), body]);
}

/** Undefined when the blob has not this shape, or a time beyond what a number holds: no honest witness sends one. */
export function readCosignature(blob: Uint8Array): Cosignature | undefined {
  if (blob.length !== timeBytes + signatureBytes) return undefined;
  const time = new DataView(blob.buffer, blob.byteOffset, timeBytes).getBigUint64(0);
  if (time > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  return { timeSeconds: Number(time), signature: blob.slice(timeBytes) };
}

export function printCosignature({ timeSeconds, signature }: Cosignature): Uint8Array {
  if (signature.length !== signatureBytes) {
    throw new ProofError("SIGNATURE_LENGTH", `signature has ${signature.length} bytes`);
  }
  const time = new Uint8Array(timeBytes);
  new DataView(time.buffer).setBigUint64(0, BigInt(timeSeconds));
  return concatBytes([time, signature]);
}
