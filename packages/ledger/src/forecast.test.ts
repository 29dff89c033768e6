import { expect, test } from "vitest";
import { createForecast } from "./forecast.ts";

const minute = 60_000;

test("what grows by a megabyte a second is full when its room is used up at that pace", () => {
  const forecast = createForecast(minute);
  for (let second = 0; second <= 30; second++) forecast.note(second * 1_000, second * 1_000_000);
  expect(forecast.until(90_000_000)).toBe(90_000);
  expect(forecast.until(0)).toBe(0);
});

test("nothing is foretold of what does not grow, shrinks, or was only just begun to be watched", () => {
  const still = createForecast(minute);
  expect(still.until(1)).toBeUndefined();
  for (let second = 0; second <= 30; second++) still.note(second * 1_000, 7);
  expect(still.until(1)).toBeUndefined();
  const shrinking = createForecast(minute);
  for (let second = 0; second <= 30; second++) shrinking.note(second * 1_000, 100 - second);
  expect(shrinking.until(1)).toBeUndefined();
  const young = createForecast(minute);
  for (let second = 0; second <= 5; second++) young.note(second * 1_000, second);
  expect(young.until(1)).toBeUndefined();
});

test("only the window counts: what stood still for an hour and grows now is foretold by how it grows now", () => {
  const forecast = createForecast(minute);
  for (let second = 0; second <= 3_600; second++) forecast.note(second * 1_000, 0);
  for (let second = 1; second <= 120; second++) {
    forecast.note((3_600 + second) * 1_000, second * 1_000);
  }
  expect(forecast.until(60_000)).toBe(60_000);
});
