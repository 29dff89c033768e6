import { concatBytes } from "./bytes.ts";
import { ProofError } from "./errors.ts";
import { hexDecode } from "./hex.ts";

/** SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410 4). */
const ed25519Prefix = hexDecode("302a300506032b6570032100");

/** The DER form in which crypto libraries take the 32 bytes of an Ed25519 public key (RFC 8032). */
export function ed25519Spki(publicKey: Uint8Array): Uint8Array {
  if (publicKey.length !== 32) {
    throw new ProofError("KEY_LENGTH", `public key has ${publicKey.length} bytes`);
  }
  return concatBytes([ed25519Prefix, publicKey]);
}
