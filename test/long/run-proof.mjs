import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/**
 * Runs one proof of this folder by the options of its command line: each is a whole number that the proof reads from its environment.
 * `options`: name → { default, env }. Answers with the proof's exit code, or 2 where the command line makes no sense.
 */
export function runProof(file, help, options) {
  try {
    const { values } = parseArgs({
      options: {
        ...Object.fromEntries(
          Object.entries(options).map(([name, option]) => [
            name,
            { type: "string", default: String(option.default) },
          ]),
        ),
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) {
      process.stdout.write(help);
      return 0;
    }
    const env = Object.fromEntries(
      Object.entries(options).map(([name, option]) => [option.env, whole(name, values[name])]),
    );
    const { status } = spawnSync(
      process.execPath,
      ["node_modules/vitest/vitest.mjs", "run", "--config=test/long/vitest.config.ts", file],
      {
        cwd: fileURLToPath(new URL("../..", import.meta.url)),
        stdio: "inherit",
        env: { ...process.env, ...env },
      },
    );
    return status ?? 1;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${help}`);
    return 2;
  }
}

/** A seed nobody chose; it is printed with what it led to. */
export const seedOfNow = () => (Date.now() % 1_000_000) + 1;

function whole(name, text) {
  if (/^[1-9]\d{0,8}$/.test(text)) return text;
  throw new TypeError(`--${name} is a whole number`);
}
