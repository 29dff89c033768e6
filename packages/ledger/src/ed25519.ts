import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { ed25519Spki, type SignatureCheck } from "@custody/proof";

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
  return createPublicKey({ key: Buffer.from(ed25519Spki(raw)), format: "der", type: "spki" });
}

/** The 32 bytes of RFC 8032, of a public key or of the public half of a private one. */
export function exportPublicKey(key: KeyObject): Uint8Array {
  const half = key.type === "private" ? createPublicKey(key) : key;
  return new Uint8Array(half.export({ format: "der", type: "spki" }).subarray(-32));
}
