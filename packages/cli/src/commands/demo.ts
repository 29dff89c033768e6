import type { Command } from "commander";
import { exitCodes } from "../exit-code.ts";
import { command, printerOf } from "./command.ts";

interface DemoFlags {
  readonly json?: boolean;
  readonly keep?: string;
}

/** `custody demo`: the whole river once, from one import to a refused bundle. */
export function demoCommand(): Command {
  return command(
    "demo",
    "run a scripted agent through everything, export, verify, change one byte, verify again",
    "custody demo --keep evidence.zip",
  )
    .option("--keep <file>", "keep the bundle here")
    .action(async (flags: DemoFlags) => {
      // The demo's agent, model and proxy are test parts: loaded for this command alone.
      const { runDemo } = await import("../demo/demo.ts");
      if (!(await runDemo(printerOf(flags), flags.keep))) process.exitCode = exitCodes.no;
    });
}
