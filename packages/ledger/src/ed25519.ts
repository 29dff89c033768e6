import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { concatBytes, type SignatureCheck } from "@custody/proof";

/** SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410). */
const spkiPrefix = Buffer.from("302a300506032b6570032100", "hex");

/** Answers false for a key that is none. */
export const checkSignature: (claim: Parameters<SignatureCheck>[0]) => boolean = ({
  publicKey,
  message,
  signature,
}) => {
  try {
    return verify(null, message, importPublicKey(publicKey), signature);
  } catch {
    // OpenSSL throws for bytes that are no curve point: to the caller that is a signature that does not hold.
    return false;
  }
};

function importPublicKey(raw: Uint8Array): KeyObject {
  const der = Buffer.from(concatBytes([spkiPrefix, raw]));
  return createPublicKey({ key: der, format: "der", type: "spki" });
}

/** The 32 bytes of RFC 8032, of a public key or of the public half of a private one. */
export function exportPublicKey(key: KeyObject): Uint8Array {
  const half = key.type === "private" ? createPublicKey(key) : key;
  return new Uint8Array(half.export({ format: "der", type: "spki" }).subarray(spkiPrefix.length));
}
