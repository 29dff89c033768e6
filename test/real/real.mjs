// `npm run test:real`: real agents from their packages against a running Custody.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const help = `Usage: npm run test:real -- [options]

Installs real coding agents from the package registry, lets each work against a model on loopback that plays a script, reporting straight
into a \`custody up\` of its own over OTLP/HTTP (protobuf and JSON) and gRPC, and holds what the API says to the model's own account.
Needs a build (npm run build) and git; no key, no model, and no network but the registry. What cannot be installed is skipped, and said.

  --agents A,B  codex, claude-code, gemini-cli (default: all)
  --help

CUSTODY_REAL_AGENTS names a folder that holds the installed agents (codex, claude, gemini), so that they are fetched once.

Example: CUSTODY_REAL_AGENTS=~/.cache/agents npm run test:real -- --agents codex
`;

try {
  const { values } = parseArgs({
    options: { agents: { type: "string" }, help: { type: "boolean", default: false } },
  });
  if (values.help) {
    process.stdout.write(help);
  } else {
    const { status } = spawnSync(
      process.execPath,
      ["node_modules/vitest/vitest.mjs", "run", "--config=test/real/vitest.config.ts"],
      {
        cwd: fileURLToPath(new URL("../..", import.meta.url)),
        stdio: "inherit",
        env: { ...process.env, ...(values.agents && { REAL_AGENTS: values.agents }) },
      },
    );
    process.exitCode = status ?? 1;
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${help}`);
  process.exitCode = 2;
}
