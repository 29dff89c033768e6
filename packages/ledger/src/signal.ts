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
  /** Waits the pause out, or until a `signal` finds `ended` true. */
  wait(ended: () => boolean, signal: Signal): Promise<void>;
  reset(): void;
}

export function backOff(limits: {
  readonly retryMsMin: number;
  readonly retryMsMax: number;
}): BackOff {
  let pause = limits.retryMsMin;
  return {
    async wait(ended, signal) {
      const until = performance.now() + pause;
      pause = Math.min(pause * 2, limits.retryMsMax);
      for (let left = 1; left > 0 && !ended(); ) {
        left = until - performance.now();
        if (left > 0) await signal.next(left);
      }
    },
    reset() {
      pause = limits.retryMsMin;
    },
  };
}
