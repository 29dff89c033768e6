import { createPublicKey, hash, verify as verifySignature } from "node:crypto";
import { readFileSync } from "node:fs";
import { constants, inflateRawSync } from "node:zlib";
import {
  base64Encode,
  ed25519Spki,
  parseSignedCheckpoint,
  parseTrustPolicy,
  type SignatureCheck,
  type TrustPolicy,
} from "@custody/proof";
import {
  type BundleReader,
  openZip,
  parseManifest,
  paths,
  type Report,
  VerifyError,
  verifyBundle,
} from "@custody/verify";
import { Stop } from "../exit-code.ts";

const sha256 = (bytes: Uint8Array): Uint8Array => hash("sha256", bytes, "buffer");

const checkSignature: SignatureCheck = ({ publicKey, message, signature }) => {
  try {
    const der = Buffer.from(ed25519Spki(publicKey));
    const key = createPublicKey({ key: der, format: "der", type: "spki" });
    return verifySignature(null, message, key, signature);
  } catch {
    // Bytes that are no curve point: a signature that does not hold.
    return false;
  }
};

/** Verifies a bundle file offline: no server, no network, nothing of the bundle is run. */
export async function verifyFile(
  file: string,
  options: { readonly trust?: string; readonly previous?: string } = {},
): Promise<Report> {
  const trust = options.trust === undefined ? undefined : trustOf(options.trust);
  return verifyBundle(
    openBundle(file),
    { sha256, checkSignature },
    {
      ...(trust === undefined ? {} : { trust }),
      ...(options.previous === undefined ? {} : { previous: openBundle(options.previous) }),
    },
  );
}

export function openBundle(file: string): BundleReader {
  const bytes = readBytes(file);
  try {
    return openZip(bytes, {
      inflateRaw: (packed, size) =>
        inflateRawSync(packed, {
          maxOutputLength: Math.max(1, size),
          finishFlush: constants.Z_FINISH,
        }),
    });
  } catch (error) {
    if (error instanceof VerifyError)
      throw new Stop("no", `${file} is not a bundle that can be read safely: ${error.message}`, {
        cause: error,
      });
    throw error;
  }
}

/** What a later bundle calls this one: its id, and the checkpoint in it. Nothing else of it is checked here. */
export async function bundleName(
  file: string,
): Promise<{ id: string; origin: string; size: number; root: string }> {
  const bundle = openBundle(file);
  try {
    const { bundle_id: id } = parseManifest(await bundle.read(paths.manifest));
    const signed = parseSignedCheckpoint(await bundle.read(paths.checkpoint));
    const { origin, size, root } = signed.checkpoint;
    return { id, origin, size, root: base64Encode(root) };
  } catch (cause) {
    throw new Stop("usage", `${file} is not a bundle: ${(cause as Error).message}`, { cause });
  }
}

function trustOf(file: string): TrustPolicy {
  try {
    return parseTrustPolicy(sha256, readBytes(file));
  } catch (cause) {
    throw new Stop("usage", `${file} is not a trust policy: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new Stop("usage", `${file} cannot be read: ${(cause as NodeJS.ErrnoException).code}`, {
      cause,
    });
  }
}
