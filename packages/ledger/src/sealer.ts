import type { LedgerCommitter } from "./committer.ts";
import type { LedgerLimits } from "./limits.ts";
import type { PublishLoop } from "./publish-loop.ts";
import type { Publisher } from "./publisher.ts";
import type { TreeHead } from "./receipts.ts";
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
}

export interface SealerParts {
  readonly committer: LedgerCommitter;
  readonly publisher: Publisher;
  readonly loop: PublishLoop;
  readonly tip: Tip;
  readonly limits: LedgerLimits;
}

export function createSealer(parts: SealerParts): Sealer {
  const { committer, publisher, loop, tip, limits } = parts;
  let timer: NodeJS.Timeout | undefined;
  let sealedAt = performance.now();
  let round: Promise<void> | undefined;

  const stopped = (): boolean =>
    loop.closed || loop.fatal !== undefined || committer.fatal !== undefined;

  const hasNew = (): boolean => tip.head.size > (tip.head.seal?.leaf ?? -1) + 1;

  /** A pending seal is published before the next one is written: seals wait while the store is out. */
  const run = async (asked: boolean): Promise<void> => {
    await loop.run();
    const due = hasNew() || performance.now() - sealedAt >= limits.sealAgeMsMax;
    if (stopped() || !(asked || due)) return;
    sealedAt = performance.now();
    await committer.seal();
    await loop.run();
  };

  const begin = (asked: boolean): Promise<void> => {
    clearTimeout(timer);
    round = run(asked).finally(() => {
      round = undefined;
      arm();
    });
    return round;
  };

  const arm = (): void => {
    clearTimeout(timer);
    if (round !== undefined || stopped()) return;
    const pause = hasNew() || tip.pending !== undefined ? limits.sealAgeMsMin : limits.sealAgeMsMax;
    timer = setTimeout(() => void begin(false), sealedAt + pause - performance.now());
    // Sockets keep a process alive, not this clockwork.
    timer.unref();
  };

  const seal = async (): Promise<PublishVerdict> => {
    // The round under way may have taken its seal before the caller's last record; another caller may begin the next.
    while (round !== undefined) await round;
    const { size } = tip.head;
    await begin(hasNew() || tip.head.seal === undefined);
    const head = publisher.published;
    if (head !== undefined && head.size >= size) return { outcome: "published", head };
    const reason = committer.fatal ?? loop.fatal ?? loop.trouble ?? "the store lags behind";
    return { outcome: "waiting", reason };
  };

  arm();
  return {
    wake: arm,
    seal,
    async close() {
      const last = seal();
      let giveUp: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => {
        giveUp = setTimeout(resolve, limits.closeMsMax);
      });
      await Promise.race([last, patience]);
      clearTimeout(giveUp);
      clearTimeout(timer);
      loop.close();
    },
    async ended() {
      while (round !== undefined) await round;
    },
  };
}
