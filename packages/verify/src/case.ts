import { ModelError, type RecordClass } from "@custody/model";
import {
  createTreeHasher,
  ProofError,
  type Sha256,
  type SignatureCheck,
  type SignedCheckpoint,
  type TreeHasher,
  type TrustPolicy,
} from "@custody/proof";
import type { BundleReader } from "./bundle.ts";
import type { ClassRows } from "./class-rows.ts";
import type { RunCommitment } from "./commitment.ts";
import { VerifyError } from "./errors.ts";
import { createFindingBook, type FindingBook, type FindingCode } from "./finding.ts";
import type { Manifest } from "./manifest.ts";
import type { PlacedSeal } from "./seal.ts";

/** Hash and signature from the place that runs the verifier: Node, or a browser. */
export interface VerifyPorts {
  readonly sha256: Sha256;
  readonly checkSignature: SignatureCheck;
}

export interface VerifyOptions {
  /** Whom to believe. Without it, keys come from the bundle itself and the level ends at self_consistent. */
  readonly trust?: TrustPolicy;
  /** An earlier bundle of the same ledger. */
  readonly previous?: BundleReader;
}

/** What one verification has in hand. Each step reads what earlier ones found and writes findings. */
export interface Case {
  readonly ports: VerifyPorts;
  readonly options: VerifyOptions;
  readonly bundle: BundleReader;
  readonly book: FindingBook;
  readonly hasher: TreeHasher;
}

/** What the container step knows once every file was read and hashed. */
export interface OpenedBundle {
  readonly manifest: Manifest;
  readonly manifestSha256: string;
  /** SHA-256 of every file that is there, by path, hex. */
  readonly digests: ReadonlyMap<string, string>;
  readonly rows: ReadonlyMap<RecordClass, ClassRows>;
}

export interface BoundingSeals {
  readonly from: PlacedSeal | undefined;
  readonly to: PlacedSeal;
}

/** What is proven before rows are judged. A part that failed is absent; the finding says why. */
export interface ProvenLog {
  readonly checkpoint: SignedCheckpoint;
  readonly runCheckpoint: SignedCheckpoint | undefined;
  readonly run: RunCommitment | undefined;
  readonly seals: BoundingSeals | undefined;
}

export function openCase(bundle: BundleReader, ports: VerifyPorts, options: VerifyOptions): Case {
  return {
    ports,
    options,
    bundle,
    book: createFindingBook(),
    hasher: createTreeHasher(ports.sha256),
  };
}

/**
 * Runs one reading of hostile bytes. An error of our own packages is the bundle's fault and becomes the finding;
 * anything else is a fault of this program and goes on.
 */
export async function attempt<T>(
  book: FindingBook,
  code: FindingCode,
  where: string,
  act: () => T | Promise<T>,
): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    const ours =
      error instanceof VerifyError || error instanceof ProofError || error instanceof ModelError;
    if (!ours) throw error;
    book.add(code, `${where}: ${error.message}`);
    return undefined;
  }
}
