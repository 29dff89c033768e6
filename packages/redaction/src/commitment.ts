/** The two injected functions of redaction. */
export interface CommitmentPorts {
  readonly sha256: (bytes: Uint8Array) => Uint8Array;
  /** Cryptographically strong. */
  readonly randomBytes: (count: number) => Uint8Array;
}

export interface Commitment {
  readonly disclosure: string;
  readonly digest: string;
}

const saltBytes = 16;
const saltsPerDraw = 256;

/**
 * Salted commitments as RFC 9901 encodes object properties (compliance 1.4): the disclosure string is stored, its digest is committed.
 * Each salt is used once; they are drawn many at a time because a draw costs a system call.
 */
export function createCommitments({
  sha256,
  randomBytes,
}: CommitmentPorts): (path: string, value: string) => Commitment {
  let pool: Uint8Array = new Uint8Array();
  let used = 0;
  return (path, value) => {
    if (used + saltBytes > pool.length) {
      pool = randomBytes(saltBytes * saltsPerDraw);
      used = 0;
    }
    const salt = base64Url(pool.subarray(used, used + saltBytes));
    used += saltBytes;
    const disclosure = base64Url(Buffer.from(JSON.stringify([salt, path, value]), "utf8"));
    return { disclosure, digest: base64Url(sha256(Buffer.from(disclosure, "latin1"))) };
  };
}

function base64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64url");
}
