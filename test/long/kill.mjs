// `npm run test:kill`: the kills of test/e2e/kill.test.ts at length, on one data folder.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const help = `Usage: npm run test:kill -- [options]

Ends a running Custody with SIGKILL under load, starts it again on the same data folder, and at the end holds the folder to everything
that was acknowledged, signed and served. Needs a build (npm run build). Writes to a temporary folder and removes it.

  --kills N   deaths at random moments (default 20); besides, one at each named step and between each two target tables
  --seed N    of the moments and of the load (default: from the clock; it is printed)
  --help

Example: npm run test:kill -- --kills 20 --seed 7
`;

const whole = (name, text) => {
  if (/^[1-9]\d{0,8}$/.test(text)) return text;
  throw new TypeError(`--${name} is a whole number`);
};

try {
  const { values } = parseArgs({
    options: {
      kills: { type: "string", default: "20" },
      seed: { type: "string", default: String((Date.now() % 1_000_000) + 1) },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
  } else {
    const { status } = spawnSync(
      process.execPath,
      ["node_modules/vitest/vitest.mjs", "run", "--config=test/long/vitest.config.ts", "kill.long"],
      {
        cwd: fileURLToPath(new URL("../..", import.meta.url)),
        stdio: "inherit",
        env: {
          ...process.env,
          KILL_COUNT: whole("kills", values.kills),
          KILL_SEED: whole("seed", values.seed),
        },
      },
    );
    process.exitCode = status ?? 1;
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${help}`);
  process.exitCode = 2;
}
