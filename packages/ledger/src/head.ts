import type { RecordClass } from "@custody/model";
import { type Accumulator, createAccumulator } from "@custody/proof";
import { sha256 } from "./digest.ts";

interface LastSeal {
  readonly leaf: number;
  /** Hex. */
  readonly sha: string;
  readonly rx: string;
}

/** What a ledger knows about everything it holds. Immutable: a batch builds the next one and it replaces this when durable. */
export interface Head {
  /** Leaves: the index of the next one. */
  readonly size: number;
  /** Since the ledger began, without seals. */
  readonly counts: ReadonlyMap<RecordClass, number>;
  readonly acc: ReadonlyMap<RecordClass, Uint8Array>;
  /** `integrity{gap}` records since the ledger began. */
  readonly gaps: number;
  readonly seal: LastSeal | undefined;
  /** The largest time of receipt given out. */
  readonly rx: string | undefined;
}

export const emptyHead: Head = {
  size: 0,
  counts: new Map(),
  acc: new Map(),
  gaps: 0,
  seal: undefined,
  rx: undefined,
};

interface LeafFacts {
  readonly class: RecordClass;
  readonly sha: Uint8Array;
  readonly isGap: boolean;
}

/** A head that grows leaf by leaf while a batch is built, or replayed. */
export interface HeadDraft {
  readonly size: number;
  append(leaf: LeafFacts): void;
  /** As a seal commits them: hex, without the seals themselves. */
  commitments(): {
    readonly counts: Readonly<Partial<Record<RecordClass, number>>>;
    readonly acc: Readonly<Partial<Record<RecordClass, string>>>;
    readonly gaps: number;
  };
  done(): Head;
}

/** The batch's one `rx` is that of every leaf appended here. */
export function draftHead(from: Head, rx: string): HeadDraft {
  const counts = new Map(from.counts);
  const folds = new Map<RecordClass, Accumulator>();
  let { size, gaps, seal } = from;

  const values = (): Map<RecordClass, Uint8Array> => {
    const acc = new Map(from.acc);
    for (const [name, fold] of folds) acc.set(name, fold.value());
    return acc;
  };

  return {
    get size() {
      return size;
    },
    append({ class: name, sha, isGap }) {
      if (name === "seal") {
        seal = { leaf: size, sha: Buffer.from(sha).toString("hex"), rx };
      } else {
        let fold = folds.get(name);
        if (fold === undefined) {
          fold = createAccumulator(sha256, from.acc.get(name));
          folds.set(name, fold);
        }
        fold.fold(sha);
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
      if (isGap) gaps += 1;
      size += 1;
    },
    commitments: () => ({
      counts: Object.fromEntries(counts),
      acc: Object.fromEntries(
        [...values()].map(([name, value]) => [name, Buffer.from(value).toString("hex")]),
      ),
      gaps,
    }),
    done: () => ({ size, counts, acc: values(), gaps, seal, rx }),
  };
}
