import { hash } from "node:crypto";
import { canonicalText, recordIdText } from "@custody/model";
import { claimText } from "./claim-text.ts";
import { createKeyedHash } from "./keyed-hash.ts";
import { sameArguments } from "./same-arguments.ts";

/** Digests of one tenant: ids are plain, everything else is keyed so that a digest confirms no guess. */
export interface TenantDigest {
  /** 32 hex characters. */
  recordId(subject: string, dialect: string, key: readonly string[]): string;
  /** 16 bytes, base64url. */
  nonce(id: string): string;
  /** 32 hex characters over any JSON-like value. */
  claim(value: unknown): string;
  /** 64 hex characters over (tool, arguments as such, however they are spelled): binds an approval, or a span, to its action. */
  action(tool: string, argumentsText: string): string;
  /** `usr_…`, for principals that a payload names. */
  pseudonym(text: string): string;
  /** 32 hex characters, for an observation's content. */
  content(text: string): string;
}

/** Sixteen characters of base32. */
const pseudonymBytes = 10;
const base32 = "abcdefghijklmnopqrstuvwxyz234567";

export function createTenantDigest(tenant: string, hmacKey: Uint8Array): TenantDigest {
  const keyed = createKeyedHash(hmacKey);
  return {
    recordId: (subject, dialect, key) =>
      hash("sha256", recordIdText(tenant, subject, dialect, key), "hex").slice(0, 32),
    nonce: (id) => keyed.bytes(id).toString("base64url", 0, 16),
    claim: (value) => keyed.hex(`claim\n${claimText(value)}`).slice(0, 32),
    action: (tool, argumentsText) =>
      keyed.hex(`action\n${canonicalText([tool, sameArguments(argumentsText)])}`),
    pseudonym: (text) =>
      `usr_${toBase32(keyed.bytes(`pseudonym\n${text}`).subarray(0, pseudonymBytes))}`,
    content: (text) => keyed.hex(`content\n${text}`).slice(0, 32),
  };
}

function toBase32(bytes: Uint8Array): string {
  let bits = "";
  for (const byte of bytes) bits += byte.toString(2).padStart(8, "0");
  let text = "";
  for (let at = 0; at + 5 <= bits.length; at += 5) {
    text += base32[Number.parseInt(bits.slice(at, at + 5), 2)] ?? "";
  }
  return text;
}
