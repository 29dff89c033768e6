import { compareBytes, concatBytes } from "./bytes.ts";
import { ProofError } from "./errors.ts";
import { auditorSeedCharsMax, auditorSeedCharsMin } from "./limits.ts";
import type { Sha256 } from "./ports.ts";
import { utf8Encode } from "./utf8.ts";

/** Binds every seed to this method and version; the word is the specification's own. */
const label = "agenttrace/sample/1\n";
export const sampleMethod = "hash-rank/1";

export interface SampleSeedInput {
  /** The checkpoint handed over before the auditor chose a seed: its three lines, without signatures. */
  readonly checkpointBody: string;
  /** For a stratum, `control_id + "/" + stratum`. */
  readonly controlId: string;
  readonly auditorSeed: string;
}

export interface SampledItem {
  /** Where the item stood in the list it was drawn from. */
  readonly position: number;
  readonly key: Uint8Array;
}

/** Commit, then seed: neither side alone can steer which items are drawn. */
export function sampleSeed(sha256: Sha256, input: SampleSeedInput): Uint8Array {
  const { checkpointBody, controlId, auditorSeed } = input;
  const seedFits =
    auditorSeed.length >= auditorSeedCharsMin &&
    auditorSeed.length <= auditorSeedCharsMax &&
    !auditorSeed.includes("\n");
  if (!seedFits || controlId === "" || controlId.includes("\n")) {
    throw new ProofError(
      "SAMPLE_INPUT",
      "control id or auditor seed is too short, too long or has a newline",
    );
  }
  const body = sha256(utf8Encode(checkpointBody));
  return sha256(
    concatBytes([utf8Encode(label), body, utf8Encode(`${controlId}\n${auditorSeed}\n`)]),
  );
}

const blockBytes = 64;
const innerPad = 0x36;
const outerPad = 0x5c;

/** HMAC-SHA-256 (RFC 2104) with a 32-byte key, of messages of 32 bytes. */
export function createSampleRanker(
  sha256: Sha256,
  seed: Uint8Array,
): (record: Uint8Array) => Uint8Array {
  if (seed.length !== 32) throw new ProofError("DIGEST_LENGTH", "seed is not 32 bytes");
  const inner = new Uint8Array(blockBytes + 32).fill(innerPad, 0, blockBytes);
  const outer = new Uint8Array(blockBytes + 32).fill(outerPad, 0, blockBytes);
  seed.forEach((byte, i) => {
    inner[i] = byte ^ innerPad;
    outer[i] = byte ^ outerPad;
  });
  return (record) => {
    if (record.length !== 32)
      throw new ProofError("DIGEST_LENGTH", "record digest is not 32 bytes");
    inner.set(record, blockBytes);
    outer.set(sha256(inner), blockBytes);
    return sha256(outer);
  };
}

/**
 * The `count` items with the smallest keys, smallest first: a simple random sample, whatever order the rows
 * come in, and asking for more later only adds to it. Holds at most twice `count` keys at a time.
 */
export function selectSample(
  rank: (record: Uint8Array) => Uint8Array,
  records: Iterable<Uint8Array>,
  count: number,
): SampledItem[] {
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new ProofError("SAMPLE_INPUT", `${count} is not a number of items`);
  }
  let kept: SampledItem[] = [];
  // The count-th smallest key so far: what is not below it can never be drawn, so most items cost their rank alone.
  let bound: Uint8Array | undefined;
  let position = 0;
  for (const record of records) {
    const key = rank(record);
    if (bound === undefined || compareBytes(key, bound) < 0) kept.push({ position, key });
    position += 1;
    if (kept.length < 2 * count + 1024) continue;
    kept = smallest(kept, count);
    bound = kept.at(-1)?.key ?? bound;
  }
  return smallest(kept, count);
}

function smallest(items: SampledItem[], count: number): SampledItem[] {
  return items
    .sort((a, b) => compareBytes(a.key, b.key) || a.position - b.position)
    .slice(0, count);
}
