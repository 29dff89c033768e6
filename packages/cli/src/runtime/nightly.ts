import { type Clock, shiftMillis } from "@custody/model";
import type { Store } from "@custody/storage";
import type { Say } from "./world.ts";

/** How often it is looked whether a day has ended. */
const everyMs = 3_600_000;
const dayMs = 86_400_000;

/**
 * Builds the text indexes of a day once it is over: inserts leave them out, so that ingest does not pay for them (design 5). A day that
 * could not be indexed is tried again the next hour.
 */
export function startNightly(
  store: Pick<Store, "indexDay">,
  clock: Clock,
  say: Say,
): { close(): Promise<void> } {
  let done = "";
  let running: Promise<void> = Promise.resolve();
  const work = async (): Promise<void> => {
    const day = shiftMillis(clock.now(), -dayMs).slice(0, 10);
    if (day === done) return;
    try {
      await store.indexDay(day);
      done = day;
    } catch (error) {
      say("store.index_retry", { day, reason: error instanceof Error ? error.message : "unknown" });
    }
  };
  const timer = setInterval(() => {
    running = running.then(work);
  }, everyMs);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}
