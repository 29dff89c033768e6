/** How something that grows has grown lately, and when it comes to its end if it goes on like that. */
export interface Forecast {
  /** What it is at a moment; moments never decrease. */
  note(atMs: number, value: number): void;
  /** Milliseconds until `room` more is used up; undefined where it does not grow, or nothing can be said yet. */
  until(room: number): number | undefined;
}

/** Samples kept of a window: what lies between two of them is of no use to a slope. */
const samplesMax = 60;
/** Less of the window than this share says nothing: one batch is no trend. */
const shareMin = 1 / 6;

/** Looks back `windowMs`: from the oldest sample in it to the newest, whatever happened between. */
export function createForecast(windowMs: number): Forecast {
  let samples: { readonly atMs: number; readonly value: number }[] = [];
  let newest: { readonly atMs: number; readonly value: number } | undefined;

  return {
    note(atMs, value) {
      newest = { atMs, value };
      const last = samples.at(-1);
      if (last !== undefined && atMs - last.atMs < windowMs / samplesMax) return;
      samples = [...samples.filter((sample) => atMs - sample.atMs <= windowMs), newest];
    },
    until(room) {
      const [oldest] = samples;
      if (oldest === undefined || newest === undefined) return undefined;
      const spanMs = newest.atMs - oldest.atMs;
      const grown = newest.value - oldest.value;
      if (spanMs < windowMs * shareMin || grown <= 0) return undefined;
      return (Math.max(0, room) * spanMs) / grown;
    },
  };
}
