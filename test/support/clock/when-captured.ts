/** The captures of real agents were taken on this day and the one before it: near enough for every time in them to be believed (design 4). */
export const capturedMs: number = Date.parse("2026-11-23T20:00:00Z");

/**
 * Environment of a process that lives when the captures were taken (simulated: Date.now of the process). Without it they are older than a day, the
 * receipt stands in for what their sources told of time, and nothing that is said of their times can be held.
 */
export function whenCaptured(): Readonly<Record<string, string>> {
  return {
    NODE_OPTIONS: `--import ${new URL("./preload.mjs", import.meta.url).href}`,
    CLOCK_SHIFT_MS: String(capturedMs - Date.now()),
  };
}
