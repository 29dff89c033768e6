import type { Command } from "commander";
import { exitCodes, Stop } from "../exit-code.ts";
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
      const { runDemo } = await import("../demo/demo.ts").catch(missing);
      if (!(await runDemo(printerOf(flags), flags.keep))) process.exitCode = exitCodes.no;
    });
}

/** The parts come with the source, not with the published command. */
function missing(cause: unknown): never {
  if (cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND") {
    throw new Stop("usage", "the demo runs from a checkout of the source: npm start -- --demo", {
      cause,
    });
  }
  throw cause;
}
