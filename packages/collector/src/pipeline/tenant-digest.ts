import { createHmac, hash } from "node:crypto";
import { canonicalText, recordIdText } from "@custody/model";

/** Digests of one tenant: ids are plain, everything else is keyed so that a digest confirms no guess. */
export interface TenantDigest {
  /** 32 hex characters. */
  recordId(subject: string, dialect: string, key: readonly string[]): string;
  /** 16 bytes, base64url. */
  nonce(id: string): string;
  /** 32 hex characters over any JSON-like value. */
  claim(value: unknown): string;
  /** 64 hex characters over (tool, arguments): binds an approval to its action. */
  action(tool: string, argumentsText: string): string;
  /** `usr_…`, for principals that a payload names. */
  pseudonym(text: string): string;
  /** 32 hex characters, for an observation's content. */
  content(text: string): string;
}

const base32 = "abcdefghijklmnopqrstuvwxyz234567";

export function createTenantDigest(tenant: string, hmacKey: Uint8Array): TenantDigest {
  const keyed = (label: string, text: string): Buffer =>
    createHmac("sha256", hmacKey).update(label).update("\n").update(text).digest();
  return {
    recordId: (subject, dialect, key) =>
      hash("sha256", recordIdText(tenant, subject, dialect, key), "hex").slice(0, 32),
    nonce: (id) =>
      createHmac("sha256", hmacKey).update(id).digest().subarray(0, 16).toString("base64url"),
    claim: (value) => keyed("claim", claimText(value)).toString("hex").slice(0, 32),
    action: (tool, argumentsText) =>
      keyed("action", canonicalText([tool, argumentsText])).toString("hex"),
    pseudonym: (text) => `usr_${toBase32(keyed("pseudonym", text)).slice(0, 16)}`,
    content: (text) => keyed("content", text).toString("hex").slice(0, 32),
  };
}

/** A fact may hold doubles in places the canonical form refuses, and a claim must not fail for that. */
function claimText(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(
          Object.entries(member).sort(([left], [right]) => (left < right ? -1 : 1)),
        )
      : member,
  );
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
