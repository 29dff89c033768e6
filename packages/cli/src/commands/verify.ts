import { type Level, levelReaches, levels, printReport } from "@custody/verify";
import type { Command } from "commander";
import { Stop } from "../exit-code.ts";
import { verifyFile } from "../runtime/verify-file.ts";
import { command, printerOf } from "./command.ts";

interface VerifyFlags {
  readonly json?: boolean;
  readonly trust?: string;
  readonly previous?: string;
  readonly require: string;
}

/** `custody verify`: checks a bundle alone, in the order in which an auditor would ask. */
export function verifyCommand(): Command {
  return command(
    "verify",
    "check a bundle offline",
    "custody verify evidence.zip --trust trust-policy --require authentic",
  )
    .argument("<file>", "the bundle")
    .option("--trust <file>", "C2SP tlog-policy: the log key and the witnesses you believe")
    .option("--previous <file>", "an earlier bundle of the same ledger")
    .option("--require <level>", "self_consistent, authentic or anchored", "self_consistent")
    .action(async (file: string, flags: VerifyFlags) => {
      const required = levelOf(flags.require);
      const report = await verifyFile(file, {
        ...(flags.trust === undefined ? {} : { trust: flags.trust }),
        ...(flags.previous === undefined ? {} : { previous: flags.previous }),
      });
      printerOf(flags).value(report, () => process.stdout.write(printReport(report)));
      if (!levelReaches(report.level, required)) {
        if (flags.json !== true)
          process.stderr.write(`custody: the level is ${report.level}, below ${required}\n`);
        process.exitCode = 1;
      }
    });
}

function levelOf(text: string): Level {
  const level = levels.find((known) => known === text);
  if (level === undefined) throw new Stop("usage", `--require takes ${levels.join(", ")}`);
  return level;
}
