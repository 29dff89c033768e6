import { canonicalText, type RecordClass } from "@custody/model";
import {
  type Accumulator,
  base64Encode,
  type Checkpoint,
  consistencyProof,
  createAccumulator,
  createNoteSigner,
  createTreeHasher,
  hexEncode,
  inclusionProof,
  merkleRoot,
  printGrowthProof,
  printTlogProof,
  signCheckpoint,
  utf8Encode,
} from "@custody/proof";
import { createTestSigner, sha256, type TestSigner } from "../../../test/support/crypto.ts";

/** One leaf of the small ledger. */
export interface Leaf {
  readonly leaf: number;
  readonly class: RecordClass;
  readonly canonical: string;
  readonly sha: string;
  readonly digest: Uint8Array;
}

const hasher = createTreeHasher(sha256);
export const origin = "log.example/acme/audit-0";
export const tenant = "acme";

/** A ledger made of proof's own parts: it appends, seals, signs and proves as the real one does, in memory. */
export class SmallLedger {
  readonly leaves: Leaf[] = [];
  readonly signer: TestSigner;
  private readonly accumulators = new Map<RecordClass, Accumulator>();
  private readonly counts = new Map<RecordClass, number>();
  private sealed: Leaf | undefined;

  constructor(signer: TestSigner = createTestSigner()) {
    this.signer = signer;
  }

  get key() {
    return createNoteSigner(sha256, origin, this.signer).key;
  }

  append(name: RecordClass, rx: string, body: unknown, own = false): Leaf {
    const leaf = this.leaves.length;
    const auth = own
      ? { method: "internal", kind: "internal", subject: "custody" }
      : { method: "bearer", kind: "agent", subject: "laptop-1" };
    const canonical = canonicalText({
      v: "custody/1",
      id: hexEncode(sha256(utf8Encode(`id ${leaf}`))).slice(0, 32),
      class: name,
      tenant,
      ts: rx,
      rx,
      src: { id: "s", epoch: "e", auth },
      nonce: "AQEBAQEBAQEBAQEBAQEBAQ",
      dialect: { name: "test", version: "1" },
      grade: own ? "derived" : "reported",
      body,
    });
    const digest = sha256(utf8Encode(canonical));
    const made: Leaf = { leaf, class: name, canonical, digest, sha: hexEncode(digest) };
    this.leaves.push(made);
    if (name !== "seal") {
      const accumulator = this.accumulators.get(name) ?? createAccumulator(sha256);
      accumulator.fold(digest);
      this.accumulators.set(name, accumulator);
      this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    }
    return made;
  }

  seal(rx: string, roster: readonly string[] = [origin]): Leaf {
    const to = this.leaves.length;
    const acc = [...this.accumulators].map(([name, fold]) => [name, hexEncode(fold.value())]);
    const body = {
      from: this.sealed === undefined ? 0 : this.sealed.leaf + 1,
      to,
      prev: this.sealed?.sha ?? null,
      counts: Object.fromEntries(this.counts),
      acc: Object.fromEntries(acc),
      config_digest: "0".repeat(64),
      roster: roster.map((name) => ({ origin: name, size: to })),
      hw_digest: null,
      gaps: 0,
    };
    this.sealed = this.append("seal", rx, body, true);
    return this.sealed;
  }

  private hashes(size: number): Uint8Array[] {
    return this.leaves.slice(0, size).map(({ digest }) => hasher.leaf(digest));
  }

  checkpoint(size: number = this.leaves.length): Checkpoint {
    return { origin, size, root: merkleRoot(hasher, this.hashes(size)) };
  }

  signed(size: number = this.leaves.length): Promise<string> {
    return signCheckpoint(this.checkpoint(size), [createNoteSigner(sha256, origin, this.signer)]);
  }

  proof(leaf: number, checkpoint: string, size: number = this.leaves.length): string {
    const hashes = inclusionProof(hasher, this.hashes(size), leaf);
    return printTlogProof({ index: leaf, hashes, checkpoint: utf8Encode(checkpoint) });
  }

  growth(oldSize: number, checkpoint: string, size: number = this.leaves.length): string {
    const hashes = consistencyProof(hasher, this.hashes(size), oldSize);
    return printGrowthProof({ oldSize, hashes, checkpoint: utf8Encode(checkpoint) });
  }
}

export const rootText = ({ root }: Checkpoint): string => base64Encode(root);
