/** Lets many wait for the next time something happens. */
export interface Signal {
  fire(): void;
  /** Resolves at the next `fire`, or after `timeoutMs` where given. */
  next(timeoutMs?: number): Promise<void>;
}

export function createSignal(): Signal {
  let waiting = new Set<() => void>();
  return {
    fire() {
      const now = waiting;
      waiting = new Set();
      for (const wake of now) wake();
    },
    next: (timeoutMs) =>
      new Promise((resolve) => {
        let timer: NodeJS.Timeout | undefined;
        const wake = (): void => {
          clearTimeout(timer);
          waiting.delete(wake);
          resolve();
        };
        waiting.add(wake);
        if (timeoutMs !== undefined) timer = setTimeout(wake, timeoutMs);
      }),
  };
}

/** Pauses that double from the first to the largest, until something succeeds. */
export interface BackOff {
  /** Waits the pause out; `interrupt` ends it early. */
  wait(interrupt: Signal): Promise<void>;
  reset(): void;
}

export function backOff(limits: {
  readonly retryMsMin: number;
  readonly retryMsMax: number;
}): BackOff {
  let pause = limits.retryMsMin;
  return {
    async wait(interrupt) {
      const now = pause;
      pause = Math.min(pause * 2, limits.retryMsMax);
      await interrupt.next(now);
    },
    reset() {
      pause = limits.retryMsMin;
    },
  };
}
