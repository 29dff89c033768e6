import { expect, test } from "vitest";
import { endsWith, holesIn, type NumberedEvent, type SaidElsewhere } from "./sequence-runs.ts";

const at = (second: number): string =>
  `2026-11-23T10:${String(Math.floor(second / 60)).padStart(2, "0")}:${String(second % 60).padStart(2, "0")}.000000000Z`;
/** Events of one process: a number a second from `from` on. */
const said = (numbers: readonly number[], from = 0): readonly NumberedEvent[] =>
  numbers.map((seq, index) => ({ seq, ts: at(from + index), rx: at(from + index) }));
const nobody = (): boolean => false;
const spans = (events: readonly NumberedEvent[], elsewhere: SaidElsewhere = nobody): unknown =>
  holesIn(events, elsewhere).holes.map(({ from, to, run }) => [from, to, run]);

test("numbers from 0 without a hole are complete, in any order and said twice", () => {
  const all = said([0, 1, 2, 3]);
  expect(spans([...all, ...all].reverse())).toEqual([]);
});

test("what is missing in the middle and at the beginning is a hole, and the end cannot be known", () => {
  expect(spans(said([2, 3, 6]))).toEqual([
    [0, 1, ""],
    [4, 5, ""],
  ]);
});

test("a hole is known since the first higher number was received, whichever that was", () => {
  const first = { seq: 0, ts: at(0), rx: at(0) };
  const highest = { seq: 9, ts: at(30), rx: at(3) };
  const knownSince = (rx: string): unknown =>
    holesIn([first, { seq: 4, ts: at(2), rx }, highest], nobody).holes[0]?.knownSince;
  expect(knownSince(at(2))).toBe(at(2));
  expect(knownSince(at(50))).toBe(at(3));
});

test("a process that begins again at 0 under the same name is complete by itself", () => {
  expect(spans([...said([0, 1, 2]), ...said([0, 1, 2, 3], 100)])).toEqual([]);
  expect(spans([...said([0, 1, 2]), ...said([0, 1, 2, 4], 100)])).toEqual([[3, 3, at(100)]]);
});

test("a number that an earlier process ended just before is taken for its next: no false gap, at the price of that one", () => {
  expect(spans([...said([0, 1, 2]), ...said([0, 1, 3], 100)])).toEqual([]);
});

test("two processes that speak in turns under one name are told apart", () => {
  const one = said([0, 1, 2, 3, 4, 5]);
  const two = said([0, 1, 2, 3, 4, 5]).map((event) => ({
    ...event,
    ts: event.ts.replace(".0", ".5"),
  }));
  expect(spans([...one, ...two])).toEqual([]);
});

test("a process that goes on from a number said elsewhere has no hole before it; one that nobody preceded has", () => {
  const resumed = [...said([0, 1, 2, 3, 4, 5, 6]), ...said([10, 11], 100)];
  const elsewhere = (seq: number, before: string): boolean => seq === 9 && before >= at(90);
  expect(spans(resumed, elsewhere)).toEqual([]);
  expect(spans(resumed)).toEqual([[7, 9, ""]]);
});

test("a clock that was set back by a second makes no hole", () => {
  expect(spans([...said([0, 1, 2, 4], 10), { seq: 3, ts: at(15), rx: at(15) }])).toEqual([]);
});

test("a source that begins anew without end is bounded, and says so", () => {
  const tangle = Array.from({ length: 300 }, (_, second) => ({
    seq: 0,
    ts: at(second),
    rx: at(0),
  }));
  expect(holesIn(tangle, nobody).tangled).toBe(true);
});

test("a process ends with its highest number", () => {
  expect(endsWith(said([0, 1, 2]), 2, at(5))).toBe(true);
  expect(endsWith(said([0, 1, 2]), 2, at(1))).toBe(false);
  expect(endsWith(said([0, 1, 2]), 1, at(5))).toBe(false);
});
