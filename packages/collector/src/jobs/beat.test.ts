import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { createBeat } from "./beat.ts";

const uncounted = (): void => undefined;

/** Work of `pieces` pieces of 10 ms each, due all the time. */
function workOf(pieces: number) {
  const seen = { begun: 0, pieces: 0, atOnce: 0, atOnceMost: 0 };
  const once = async (closing: AbortSignal): Promise<number> => {
    seen.begun++;
    seen.atOnceMost = Math.max(seen.atOnceMost, ++seen.atOnce);
    for (let piece = 0; piece < pieces && !closing.aborted; piece++) {
      await sleep(10);
      seen.pieces++;
    }
    seen.atOnce--;
    return 1;
  };
  return { name: "joins", seen, once, everyMs: 1, isDue: () => true } as const;
}

test("a run that takes longer than the time between two has none in line behind it", async () => {
  const work = workOf(10);
  const beat = createBeat(work, uncounted);
  await sleep(50);
  expect(work.seen.begun).toBe(1);
  await beat.close();
  expect(work.seen.begun).toBe(1);
});

test("closing waits for the piece that is being worked on, and not for all of them", async () => {
  const work = workOf(1_000);
  const beat = createBeat(work, uncounted);
  await sleep(30);
  await beat.close();
  const { pieces } = work.seen;
  expect(pieces).toBeLessThan(100);
  await sleep(30);
  expect(work.seen.pieces).toBe(pieces);
  expect(await beat.run()).toBe(0);
});

test("what is asked for runs behind what goes on, never beside it", async () => {
  const work = workOf(3);
  const beat = createBeat(work, uncounted);
  await sleep(10);
  expect(await Promise.all([beat.run(), beat.run()])).toEqual([1, 1]);
  expect(work.seen.atOnceMost).toBe(1);
  await beat.close();
});

test("a run that fails is counted, and the next one is made", async () => {
  let begun = 0;
  const told: string[] = [];
  const once = async (): Promise<number> => {
    begun++;
    throw new Error("out");
  };
  const beat = createBeat({ name: "joins", everyMs: 1, isDue: () => true, once }, (job, outcome) =>
    told.push(`${job} ${outcome}`),
  );
  await sleep(50);
  expect(beat.failures()).toBeGreaterThan(1);
  await beat.close();
  expect(begun).toBe(beat.failures());
  expect(told).toEqual(Array.from({ length: begun }, () => "joins failed"));
});
