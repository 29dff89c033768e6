import { base64Decode, base64Encode, concatBytes, equalBytes, hexDecode } from "@custody/proof";
import { VerifyError } from "./errors.ts";

/** DER of an Ed25519 SubjectPublicKeyInfo up to the key itself (RFC 8410). */
const spkiPrefix = hexDecode("302a300506032b6570032100");
const pemShape = /^-----BEGIN PUBLIC KEY-----\n([A-Za-z0-9+/=]+)\n-----END PUBLIC KEY-----\n$/;

/** The file `openssl pkeyutl -pubin -inkey` takes. */
export function printPublicKeyPem(publicKey: Uint8Array): string {
  const der = base64Encode(concatBytes([spkiPrefix, publicKey]));
  return `-----BEGIN PUBLIC KEY-----\n${der}\n-----END PUBLIC KEY-----\n`;
}

export function parsePublicKeyPem(pem: string): Uint8Array {
  const [, encoded] = pemShape.exec(pem) ?? [];
  const der = encoded === undefined ? new Uint8Array(0) : base64Decode(encoded);
  const isEd25519 = der.length === 44 && equalBytes(der.subarray(0, 12), spkiPrefix);
  if (!isEd25519) throw new VerifyError("KEY_FORMAT", "not an Ed25519 public key in PEM");
  return der.slice(12);
}
