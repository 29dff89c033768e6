import { defineConfig } from "vitest/config";

export default defineConfig({
  root: new URL("../..", import.meta.url).pathname,
  ssr: { resolve: { conditions: ["@custody/source", "node", "import", "module", "default"] } },
  resolve: { conditions: ["@custody/source", "node", "import", "module", "default"] },
  test: {
    include: ["packages/*/src/**/*.test.ts", "test/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    passWithNoTests: true,
    server: { deps: { inline: [/@custody\//] } },
  },
});
