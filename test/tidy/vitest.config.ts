import { defineConfig } from "vitest/config";

export default defineConfig({
  root: new URL("../..", import.meta.url).pathname,
  // Nothing but our own condition: vitest hands these to Node for every package, and `import` would reach a `require`.
  ssr: { resolve: { conditions: ["@custody/source"] } },
  resolve: { conditions: ["@custody/source"] },
  test: {
    include: ["packages/*/src/**/*.test.ts", "test/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 2,
    // A timing is a benchmark, never a test: these end what hangs, and say nothing about how fast a machine is.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    passWithNoTests: true,
    server: { deps: { inline: [/@custody\//] } },
  },
});
