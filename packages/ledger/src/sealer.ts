import type { LedgerCommitter } from "./committer.ts";
import { LedgerError, reasonOf } from "./errors.ts";
import type { LedgerLimits } from "./limits.ts";
import type { LedgerEvent } from "./ports.ts";
import type { Publisher } from "./publisher.ts";
import type { TreeHead } from "./receipts.ts";
import { backOff, createSignal } from "./signal.ts";
import type { Tip } from "./tip.ts";

export type PublishVerdict =
  | { readonly outcome: "published"; readonly head: TreeHead }
  | { readonly outcome: "waiting"; readonly reason: string };

/** Keeps the cadence: at most a seal a second, at least one a minute, also when nothing happens (design 6). */
export interface Sealer {
  /** New leaves are there. */
  wake(): void;
  /** Seals what is there now. Resolves with the checkpoint over it, or when the ledger closes or fails first. */
  seal(): Promise<PublishVerdict>;
  /** A last seal and checkpoint, if they can be had within `closeMsMax`; then nothing more is begun. */
  close(): Promise<void>;
  /** Resolves when the round under way has ended: after `close`, and after the drain was closed. */
  ended(): Promise<void>;
  /** Why the ledger must not be written again, if so. */
  readonly fatal: string | undefined;
  /** Why the newest seal is not under a checkpoint yet. */
  readonly trouble: string | undefined;
}

export interface SealerParts {
  readonly committer: LedgerCommitter;
  readonly publisher: Publisher;
  readonly tip: Tip;
  readonly limits: LedgerLimits;
  readonly onEvent: (event: Omit<LedgerEvent, "origin">) => void;
}

export function createSealer(parts: SealerParts): Sealer {
  const { committer, publisher, tip, limits } = parts;
  const interrupt = createSignal();
  let closed = false;
  let fatal: string | undefined;
  let trouble: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let sealedAt = performance.now();
  let round: Promise<void> | undefined;

  const hasNew = (): boolean => tip.head.size > (tip.head.seal?.leaf ?? -1) + 1;

  /** The next round; a pending seal is published first, so seals wait while the store is out. */
  const arm = (): void => {
    clearTimeout(timer);
    if (closed || fatal !== undefined || round !== undefined) return;
    const pause = hasNew() || tip.pending !== undefined ? limits.sealAgeMsMin : limits.sealAgeMsMax;
    timer = setTimeout(start, Math.max(0, sealedAt + pause - performance.now()));
    // The server's sockets keep the process alive, not its clockwork.
    timer.unref();
  };

  const publishPending = async (): Promise<void> => {
    const pause = backOff(limits);
    // Tries again until it succeeds, the ledger closes, or signing would be wrong.
    while (tip.pending !== undefined && fatal === undefined && !closed) {
      const { pending } = tip;
      try {
        if (await publisher.publish(pending)) tip.published(pending.capture.size);
        trouble = undefined;
      } catch (error) {
        trouble = reasonOf(error);
        if (error instanceof LedgerError && error.code === "SPLIT_VIEW") fatal = trouble;
        parts.onEvent({ name: fatal === undefined ? "publish_retry" : "fatal", reason: trouble });
        if (fatal === undefined) await pause.wait(interrupt);
      }
    }
  };

  const run = async (force: boolean): Promise<void> => {
    await publishPending();
    const due = hasNew() || performance.now() - sealedAt >= limits.sealAgeMsMax;
    if (closed || fatal !== undefined || !(force || due)) return;
    sealedAt = performance.now();
    const verdict = await committer.seal();
    trouble = verdict.outcome === "sealed" ? undefined : verdict.reason;
    await publishPending();
  };

  const begin = (force: boolean): Promise<void> => {
    round = run(force).finally(() => {
      round = undefined;
      arm();
    });
    return round;
  };

  const start = (): void => {
    if (round === undefined) void begin(false);
  };

  const seal = async (): Promise<PublishVerdict> => {
    // A round that is under way may have taken its seal before the caller's last record; another caller may begin the next.
    while (round !== undefined) await round;
    const size = tip.head.size;
    await begin(hasNew() || tip.head.seal === undefined);
    const head = publisher.published;
    if (head !== undefined && head.size >= size) return { outcome: "published", head };
    return { outcome: "waiting", reason: fatal ?? trouble ?? "the store has not taken everything" };
  };

  arm();
  return {
    wake: () => {
      if (round === undefined) arm();
    },
    seal,
    async close() {
      clearTimeout(timer);
      const last = seal();
      let giveUp: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => {
        giveUp = setTimeout(resolve, limits.closeMsMax);
      });
      await Promise.race([last, patience]);
      clearTimeout(giveUp);
      clearTimeout(timer);
      closed = true;
      interrupt.fire();
    },
    async ended() {
      while (round !== undefined) await round;
    },
    get fatal() {
      return fatal;
    },
    get trouble() {
      return trouble;
    },
  };
}
