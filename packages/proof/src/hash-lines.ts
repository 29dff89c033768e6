import { base64Decode, base64Encode } from "./base64.ts";
import { assertDigest } from "./bytes.ts";
import { ProofError } from "./errors.ts";

/** One SHA-256 hash per line, in standard base64: the form both proof files share. */
export function printHashLines(hashes: readonly Uint8Array[]): string {
  return hashes
    .map((hash) => {
      assertDigest(hash, "proof hash");
      return `${base64Encode(hash)}\n`;
    })
    .join("");
}

export function parseHashLines(lines: readonly string[], hashesMax: number): Uint8Array[] {
  if (lines.length > hashesMax) {
    throw new ProofError("PROOF_LIMIT", `${lines.length} proof hashes exceed ${hashesMax}`);
  }
  return lines.map(parseHashLine);
}

function parseHashLine(line: string): Uint8Array {
  try {
    const hash = base64Decode(line);
    assertDigest(hash, "proof hash");
    return hash;
  } catch (cause) {
    throw new ProofError("PROOF_FORMAT", "proof line is not the base64 of 32 bytes", { cause });
  }
}

const decimalShape = /^(?:0|[1-9]\d{0,15})$/;

/** An index or a size in its one spelling, no larger than a number holds exactly. */
export function parseDecimal(text: string, what: string): number {
  const value = decimalShape.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) {
    throw new ProofError("PROOF_FORMAT", `${what} is not canonical decimal up to 2^53 - 1`);
  }
  return value;
}
