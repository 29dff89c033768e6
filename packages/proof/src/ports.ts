/**
 * SHA-256 of the bytes. The callee must neither keep nor change `bytes`: hashers reuse one scratch
 * buffer for every call. The digest it returns belongs to the caller and is never reused.
 */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

export interface SignatureClaim {
  /** 32 bytes, RFC 8032. */
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  /** 64 bytes, RFC 8032. */
  readonly signature: Uint8Array;
}

/** Answers whether an Ed25519 signature holds. Answers false, and never throws, for keys that are no curve points. */
export type SignatureCheck = (claim: SignatureClaim) => boolean | Promise<boolean>;

/** An Ed25519 key that may live elsewhere (a file, a command, a KMS). Rejects when it cannot sign. */
export interface Signer {
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}
