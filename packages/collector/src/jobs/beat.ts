import type { CountRun, JobName } from "../metrics/job-meter.ts";

/** How often it is looked whether there is work, whether there is any, and one run of it. */
export interface BeatWork {
  readonly name: JobName;
  readonly everyMs: number;
  isDue(): boolean;
  /** `isAsked`: somebody waits for it. Once `closing` is aborted it ends between two pieces of work. */
  once(closing: AbortSignal, isAsked: boolean): Promise<number>;
}

/** Work that is done again and again, one run at a time. */
export interface Beat {
  /** One more run, behind the one that goes on. */
  run(): Promise<number>;
  /** Runs that failed as a whole. What they left is there for the next one. */
  failures(): number;
  /** No run begins after it, and the one that goes on ends soon. */
  close(): Promise<void>;
}

export function createBeat({ name, everyMs, isDue, once }: BeatWork, count: CountRun): Beat {
  const closing = new AbortController();
  let running: Promise<number> = Promise.resolve(0);
  let [runs, failures] = [0, 0];
  const begin = async (before: Promise<number>, isAsked: boolean): Promise<number> => {
    await before.catch(() => 0);
    if (closing.signal.aborted) return 0;
    const began = performance.now();
    const end = (outcome: "done" | "failed"): void =>
      count(name, outcome, performance.now() - began);
    try {
      const done = await once(closing.signal, isAsked);
      end("done");
      return done;
    } catch (error) {
      end("failed");
      throw error;
    }
  };
  const run = (isAsked: boolean): Promise<number> => {
    runs++;
    running = begin(running, isAsked).finally(() => {
      runs--;
    });
    return running;
  };
  const timer = setInterval(() => {
    // A run that takes longer than the time between two has none in line behind it.
    if (runs > 0 || !isDue()) return;
    run(false).catch(() => void failures++);
  }, everyMs);
  timer.unref();
  return {
    run: () => run(true),
    failures: () => failures,
    async close() {
      clearInterval(timer);
      closing.abort();
      await running.catch(() => 0);
    },
  };
}
