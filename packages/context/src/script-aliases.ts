import { contextLimits } from "./limits.ts";
import { shellCommands } from "./shell-words.ts";

/** A program with its words. */
interface Command {
  readonly program: string;
  readonly words: readonly string[];
}

/** The commands that a text puts under names of its own. */
export interface Aliases {
  note(word: string): void;
  /** What stands under a name: `unread` where so much was said again already that this is not. */
  of(program: string): Command | "unread" | undefined;
}

interface Alias extends Command {
  /** What it costs to say it again. */
  readonly units: number;
}

const aliasesMax = 256;
const aliasUnitsMax = 4_096;

export function createAliases(programOf: (word: string) => string): Aliases {
  const aliases = new Map<string, Alias>();
  let left: number = contextLimits.expandedUnitsMax;
  return {
    note(word) {
      const equals = word.indexOf("=");
      if (equals <= 0 || aliases.size >= aliasesMax) return;
      const said = word.slice(equals + 1, equals + 1 + aliasUnitsMax);
      const [program, ...words] = shellCommands(said)[0]?.words ?? [];
      const name = word.slice(0, equals).toLowerCase();
      if (program !== undefined)
        aliases.set(name, { program: programOf(program), words, units: said.length + 1 });
    },
    of(program) {
      const alias = aliases.get(program);
      if (alias === undefined) return undefined;
      left -= alias.units;
      return left < 0 ? "unread" : alias;
    },
  };
}
