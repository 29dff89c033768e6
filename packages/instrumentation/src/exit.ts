import { isMainThread } from "node:worker_threads";

/** What must still happen when the process ends. Each may be called more than once. */
export interface LastWork {
  /** Ends open spans and delivers, synchronously, within the flush timeout. */
  finish(reason: string): void;
  /** Ends open spans and delivers while the loop runs; only where `finish` cannot deliver. */
  readonly settle: (() => Promise<void>) | undefined;
  readonly timeoutMs: number;
}

const endingSignals = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/**
 * Arranges for `finish` on every way out that still runs code: the natural end, `process.exit`, an
 * uncaught error, and the signals that end a process. The agent's exit code and its cause of death
 * stay what they would have been.
 */
export function onExit(work: LastWork): void {
  process.once("exit", () => work.finish("exit"));
  const { settle, timeoutMs } = work;
  if (settle !== undefined) {
    process.once("beforeExit", () => {
      // This timer is what keeps the process alive meanwhile, and what stops keeping it.
      const limit = setTimeout(() => undefined, timeoutMs);
      void settle().finally(() => clearTimeout(limit));
    });
  }
  if (!isMainThread) return;
  for (const signal of endingSignals) {
    const ours = (): void => {
      // An agent with a handler of its own decides what the signal means, and when it exits.
      if (process.listenerCount(signal) > 1) return;
      work.finish(signal.toLowerCase());
      process.removeListener(signal, ours);
      // Without our listener the signal has its default effect: the parent sees death by signal.
      process.kill(process.pid, signal);
    };
    process.on(signal, ours);
  }
}
