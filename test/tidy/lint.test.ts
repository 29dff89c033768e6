import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("no promise floats, no any spreads, every switch is complete", () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["node_modules/eslint/bin/eslint.js", "-c", "test/tidy/eslint.config.js", "packages", "test"],
    { cwd: root },
  );
  expect(status, `${stdout}${stderr}`.slice(0, 4000)).toBe(0);
});
