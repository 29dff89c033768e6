import { Command, Option } from "commander";
import { createPrinter, type Printer } from "../output/printer.ts";

/**
 * A name that other commands stand under. It has no options of its own: one that a command under it has too would be taken by the group, and
 * the command would not hear of it.
 */
export function group(name: string, description: string, example: string): Command {
  return new Command(name)
    .description(description)
    .addHelpText("after", `\nExample:\n  $ ${example}`);
}

/** What every command has: `--json`, and help that ends in an example. */
export function command(name: string, description: string, example: string): Command {
  return new Command(name)
    .description(description)
    .option("--json", "one JSON value a line instead of text")
    .addHelpText("after", `\nExample:\n  $ ${example}`);
}

/** What commands that read also take. */
export function reading(made: Command): Command {
  return made
    .addOption(
      new Option("--api <url>", "query API; default http://127.0.0.1:4319, or CUSTODY_API"),
    )
    .addOption(
      new Option("--key <key>", "key; default CUSTODY_KEY, or admin.key of the data folder"),
    )
    .addOption(new Option("--data <dir>", "data folder that holds admin.key"));
}

export function printerOf(options: { readonly json?: boolean }): Printer {
  return createPrinter(options.json === true);
}
