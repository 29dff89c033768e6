import type { BatchRow } from "@custody/model";
import type { ClaimTable } from "./claim-table.ts";
import type { Head } from "./head.ts";
import type { HighWater, Mark } from "./high-water.ts";
import { joinCaptures, type Tree, type TreeCapture } from "./tree.ts";

/** A batch that is on the disk. */
interface DurableBatch {
  readonly rows: readonly BatchRow[];
  readonly marks: readonly Mark[];
  /** As it is after the batch. */
  readonly head: Head;
  /** Its last row is a seal. */
  readonly sealed: boolean;
}

/** A sealed size that is not yet under a checkpoint. */
export interface PendingSeal {
  readonly capture: TreeCapture;
  readonly head: Head;
}

/** The growing end of a ledger. A commit and a recovery both go through `apply`, so they cannot come to differ. */
export interface Tip {
  readonly head: Head;
  readonly claims: ClaimTable;
  readonly highWater: HighWater;
  readonly pending: PendingSeal | undefined;
  apply(batch: DurableBatch): void;
  /** The pending seal, or an earlier one, is under a checkpoint. */
  published(size: number): void;
}

export function createTip(start: {
  readonly head: Head;
  readonly tree: Tree;
  readonly claims: ClaimTable;
  readonly highWater: HighWater;
  readonly pending?: PendingSeal;
}): Tip {
  const { tree, claims, highWater } = start;
  let { head, pending } = start;
  return {
    claims,
    highWater,
    get head() {
      return head;
    },
    get pending() {
      return pending;
    },
    apply(batch) {
      for (const { id, claim, leaf, sha } of batch.rows) {
        claims.add(id, claim, leaf);
        tree.append(sha);
      }
      head = batch.head;
      if (batch.sealed) {
        highWater.clear();
        pending = { capture: joinCaptures(pending?.capture, tree.capture()), head };
      } else {
        highWater.raise(batch.marks);
      }
    },
    published(size) {
      if (pending !== undefined && pending.capture.size <= size) pending = undefined;
    },
  };
}
