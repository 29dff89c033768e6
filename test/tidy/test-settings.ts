import type { ViteUserConfig } from "vitest/config";

/** What every run of tests has in common. */
export const testSettings: ViteUserConfig = {
  root: new URL("../..", import.meta.url).pathname,
  // Nothing but our own condition: vitest hands these to Node for every package, and `import` would reach a `require`.
  ssr: { resolve: { conditions: ["@custody/source"] } },
  resolve: { conditions: ["@custody/source"] },
  test: {
    pool: "forks",
    // One more than the cores of a small machine: who starts processes and reads from them waits for a good part of the time.
    maxWorkers: 3,
    // A timing is a benchmark, never a test: these end what hangs, and say nothing about how fast a machine is.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    passWithNoTests: true,
    server: { deps: { inline: [/@custody\//] } },
  },
};
