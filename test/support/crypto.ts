import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";

// Real SHA-256 and Ed25519 for tests of packages whose sources may not name Node.

const spkiPrefix = Buffer.from("302a300506032b6570032100", "hex");
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");

/** A fresh copy as a plain Uint8Array, so that `toEqual` does not trip over Buffer. */
export const sha256 = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(hash("sha256", bytes, "buffer"));

export const checkSignature = (claim: {
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}): boolean => {
  const der = Buffer.concat([spkiPrefix, claim.publicKey]);
  try {
    const key = createPublicKey({ key: der, format: "der", type: "spki" });
    return verify(null, claim.message, key, claim.signature);
  } catch {
    return false;
  }
};

export interface TestSigner {
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

export function createTestSigner(seed?: Uint8Array): TestSigner {
  const privateKey: KeyObject =
    seed === undefined
      ? generateKeyPairSync("ed25519").privateKey
      : createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: "der", type: "pkcs8" });
  const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  return {
    publicKey: new Uint8Array(spki.subarray(spkiPrefix.length)),
    sign: (message) => new Uint8Array(sign(null, message, privateKey)),
  };
}
