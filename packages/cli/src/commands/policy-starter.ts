import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { Stop } from "../exit-code.ts";
import { command, printerOf } from "./command.ts";

interface StarterFlags {
  readonly json?: boolean;
}

interface Starter {
  readonly name: string;
  readonly kind: string;
  readonly says: string;
  readonly text: string;
}

const folder = fileURLToPath(new URL("../../starters", import.meta.url));

/** `custody policy starter [name]`: prints, and applies nothing. Two people publish it, as everything else. */
export function starterCommand(): Command {
  return command(
    "starter",
    "documents to begin with: listed, or one printed to be filled in; nothing is applied",
    "custody policy starter self-approval-t2 > approval.yaml",
  )
    .argument("[name]", "prints this one")
    .action((name: string | undefined, flags: StarterFlags) => {
      const all = starters();
      const printer = printerOf(flags);
      if (name === undefined) {
        const items = all.map(({ text: _, ...starter }) => starter);
        printer.value({ items }, () => {
          printer.table(items, [
            { head: "NAME", cell: (row) => row.name },
            { head: "KIND", cell: (row) => row.kind },
            { head: "SAYS", cell: (row) => row.says, widthMax: 120 },
          ]);
          printer.line(
            "\nEach is printed with its owner and its reason empty: fill them in, then propose it.",
          );
        });
        return;
      }
      const found = all.find((one) => one.name === name);
      if (found === undefined) {
        const names = all.map((one) => one.name).join(", ");
        throw new Stop("usage", `no starter is called ${name}; there are ${names}`);
      }
      printer.value(found, () => process.stdout.write(found.text));
    });
}

/** The first two lines of a starter are its kind and, in a sentence, what it says. */
function starters(): readonly Starter[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => {
      const text = readFileSync(`${folder}/${file}`, "utf8");
      const [kind = "", says = ""] = text.split("\n").map((line) => line.replace(/^# ?/, ""));
      return { name: file.slice(0, -5), kind, says, text };
    });
}
