import { Command, CommanderError } from "commander";
import { backupCommand } from "./commands/backup.ts";
import { completenessCommand } from "./commands/completeness.ts";
import { connectCommand } from "./commands/connect.ts";
import { demoCommand } from "./commands/demo.ts";
import { detectCommand } from "./commands/detect.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { explainCommand } from "./commands/explain.ts";
import { exportCommand } from "./commands/export.ts";
import { findingsCommand } from "./commands/findings.ts";
import { fsckCommand } from "./commands/fsck.ts";
import { investigateCommand } from "./commands/investigate.ts";
import { keysCommand } from "./commands/keys.ts";
import { policyCommand } from "./commands/policy.ts";
import { postureCommand } from "./commands/posture.ts";
import { queryCommand } from "./commands/query.ts";
import { restoreCommand } from "./commands/restore.ts";
import { tailCommand } from "./commands/tail.ts";
import { upCommand } from "./commands/up.ts";
import { verifyCommand } from "./commands/verify.ts";
import { exitCodes, Stop } from "./exit-code.ts";
import { productVersion } from "./runtime/version.ts";

const program = new Command("custody")
  .description("The chain of custody for coding agents: one provable record per action.")
  .version(productVersion)
  .exitOverride()
  // `--version` of a command is that command's own.
  .enablePositionalOptions()
  .showSuggestionAfterError()
  .addHelpText(
    "after",
    "\nExample:\n  $ custody up\n  $ custody connect claude-code\n  $ custody tail",
  );

const commands = [
  upCommand,
  connectCommand,
  queryCommand,
  tailCommand,
  investigateCommand,
  explainCommand,
  postureCommand,
  completenessCommand,
  findingsCommand,
  detectCommand,
  exportCommand,
  verifyCommand,
  fsckCommand,
  backupCommand,
  restoreCommand,
  keysCommand,
  policyCommand,
  doctorCommand,
  demoCommand,
];
for (const make of commands) program.addCommand(make());
for (const made of program.commands) {
  made.exitOverride();
  for (const inner of made.commands) inner.exitOverride();
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = codeOf(error);
}

/** Every way out has a code of the closed list, and a sentence on stderr. */
function codeOf(error: unknown): number {
  if (error instanceof Stop) {
    process.stderr.write(`custody: ${error.message}\n`);
    return error.code;
  }
  if (error instanceof CommanderError)
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  process.stderr.write(
    `custody: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return exitCodes.unreachable;
}
