import { base64Decode, base64Encode } from "./base64.ts";
import { concatBytes } from "./bytes.ts";
import { ProofError } from "./errors.ts";
import { hexEncode } from "./hex.ts";
import { envelopeBytesMax, envelopeSignaturesMax } from "./limits.ts";
import type { Sha256, SignatureCheck, Signer } from "./ports.ts";
import { utf8Decode, utf8Encode } from "./utf8.ts";

export interface EnvelopeSignature {
  /** A hint, never trusted: lower-case hex SHA-256 of the 32-byte public key where we write it. */
  readonly keyId: string;
  readonly signature: Uint8Array;
}

export interface Envelope {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signatures: readonly EnvelopeSignature[];
}

export type EnvelopeVerdict =
  | { readonly verdict: "verified"; readonly publicKey: Uint8Array }
  | { readonly verdict: "unverified" };

/** DSSE v1 pre-authentication encoding: lengths before texts, so that no two pairs share one encoding. */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = utf8Encode(payloadType);
  return concatBytes([
    utf8Encode(`DSSEv1 ${type.length} `),
    type,
    utf8Encode(` ${payload.length} `),
    payload,
  ]);
}

export async function signEnvelope(
  sha256: Sha256,
  { payloadType, payload }: Pick<Envelope, "payloadType" | "payload">,
  signer: Signer,
): Promise<Envelope> {
  const signature = await signer.sign(preAuthenticationEncoding(payloadType, payload));
  const keyId = hexEncode(sha256(signer.publicKey));
  return { payloadType, payload, signatures: [{ keyId, signature }] };
}

export function printEnvelope({ payloadType, payload, signatures }: Envelope): string {
  const printed = {
    payload: base64Encode(payload),
    payloadType,
    signatures: signatures.map(({ keyId, signature }) => ({
      keyid: keyId,
      sig: base64Encode(signature),
    })),
  };
  return `${JSON.stringify(printed)}\n`;
}

/** Unknown members are ignored, as DSSE asks; known ones must have their type. */
export function parseEnvelope(bytes: Uint8Array): Envelope {
  if (bytes.length > envelopeBytesMax) {
    throw new ProofError(
      "DSSE_LIMIT",
      `envelope of ${bytes.length} bytes exceeds ${envelopeBytesMax}`,
    );
  }
  const envelope = parseObject(utf8Decode(bytes));
  const { payload, payloadType, signatures } = envelope;
  if (
    typeof payload !== "string" ||
    typeof payloadType !== "string" ||
    !Array.isArray(signatures)
  ) {
    throw new ProofError("DSSE_FORMAT", "envelope lacks payload, payloadType or signatures");
  }
  if (signatures.length > envelopeSignaturesMax) {
    throw new ProofError("DSSE_LIMIT", `more than ${envelopeSignaturesMax} signatures`);
  }
  return {
    payloadType,
    payload: base64Decode(payload),
    signatures: signatures.map(parseSignature),
  };
}

interface Members {
  readonly payload?: unknown;
  readonly payloadType?: unknown;
  readonly signatures?: unknown;
  readonly keyid?: unknown;
  readonly sig?: unknown;
}

function parseObject(text: string): Members {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ProofError("DSSE_FORMAT", "envelope is not JSON", { cause });
  }
  if (!isObject(value)) throw new ProofError("DSSE_FORMAT", "envelope is not an object");
  return value;
}

function parseSignature(value: unknown): EnvelopeSignature {
  if (!isObject(value) || typeof value.sig !== "string") {
    throw new ProofError("DSSE_FORMAT", "envelope signature has no sig");
  }
  const keyId = typeof value.keyid === "string" ? value.keyid : "";
  return { keyId, signature: base64Decode(value.sig) };
}

const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Tries every known key on every signature: the key id is a hint that a forger also knows. */
export async function verifyEnvelope(
  check: SignatureCheck,
  { payloadType, payload, signatures }: Envelope,
  publicKeys: readonly Uint8Array[],
): Promise<EnvelopeVerdict> {
  const message = preAuthenticationEncoding(payloadType, payload);
  for (const { signature } of signatures) {
    if (signature.length !== 64) continue;
    for (const publicKey of publicKeys) {
      // One after another: there is one key and one signature, and the first that holds ends the search.
      if (await check({ publicKey, message, signature })) return { verdict: "verified", publicKey };
    }
  }
  return { verdict: "unverified" };
}
