/** The two injected functions of redaction. */
export interface CommitmentPorts {
  /** SHA-256 of an ASCII text, base64url without padding. */
  readonly sha256: (text: string) => string;
  /** Cryptographically strong. */
  readonly randomBytes: (count: number) => Uint8Array;
}

export interface Commitment {
  readonly disclosure: string;
  readonly digest: string;
}

const saltBytes = 16;
const saltsPerDraw = 256;
/** Longer values get a buffer of their own. */
const scratchBytes = 65_536;

/**
 * Salted commitments as RFC 9901 encodes object properties (compliance 1.4): the disclosure string is stored, its digest is committed.
 * Each salt is used once; they are drawn many at a time because a draw costs a system call.
 */
export function createCommitments({
  sha256,
  randomBytes,
}: CommitmentPorts): (path: string, value: string) => Commitment {
  const scratch = Buffer.allocUnsafeSlow(scratchBytes);
  let pool: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  let used = 0;
  return (path, value) => {
    if (used + saltBytes > pool.length) {
      pool = bufferOver(randomBytes(saltBytes * saltsPerDraw));
      used = 0;
    }
    const salt = pool.toString("base64url", used, used + saltBytes);
    used += saltBytes;
    const text = JSON.stringify([salt, path, value]);
    // No string has more bytes than three times its units.
    const room = text.length * 3 <= scratchBytes ? scratch : Buffer.allocUnsafe(text.length * 3);
    const disclosure = room.toString("base64url", 0, room.write(text, "utf8"));
    return { disclosure, digest: sha256(disclosure) };
  };
}

function bufferOver(bytes: Uint8Array): Buffer<ArrayBufferLike> {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
