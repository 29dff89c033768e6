import { globOf } from "./glob.ts";
import { contextLimits } from "./limits.ts";
import { knownPrograms } from "./risk-table.ts";
import { createAliases } from "./script-aliases.ts";

/** A program with its words, as the text before it makes it known. */
interface Named {
  readonly program: string;
  readonly words: readonly string[];
  readonly hidden: boolean;
}

/** What earlier commands of one text leave to later ones: names, copies, files, a folder. Bounded in number; the first stay. */
export interface ScriptWorld {
  named(program: string, said: Pick<Named, "words" | "hidden"> & { readonly path: string }): Named;
  fileOf(path: string): string | undefined;
  isFetched(path: string, named: Named): boolean;
  directory(): string | undefined;
  /** False where so many texts were read already that this one is not. */
  spend(units: number): boolean;
  /** `output` is what it prints, where that is known. */
  note(named: Named, writes: readonly string[], output: string | undefined): void;
}

const namesMax = 256;
const linkers: ReadonlySet<string> = new Set(["cp", "ln", "mv", "install"]);
const fetchers: ReadonlySet<string> = new Set(["curl", "wget", "aria2c"]);

export function createScriptWorld(before: ReadonlyMap<string, string>): ScriptWorld {
  const aliases = createAliases(baseOf);
  const copies = new Map<string, string>();
  const files = new Map<string, string>();
  const fetched = new Set<string>();
  let folder: string | undefined;
  let [left, guessed] = [2 * contextLimits.argumentsUnitsMax, 0];
  const spend = (units: number): boolean => {
    left -= units;
    return left >= 0;
  };
  const keep = <V>(map: Map<string, V>, key: string, value: V): void => {
    if (map.size < namesMax && key !== "") map.set(key, value);
  };
  return {
    named(program, { words, hidden, path }) {
      const alias = aliases.of(program);
      if (alias === "unread") return { program, words, hidden: true };
      if (alias) return { program: alias.program, words: [...alias.words, ...words], hidden };
      const copy = copies.get(nameOf(path));
      if (copy !== undefined) return { program: copy, words, hidden };
      if (isGlob(program)) {
        guessed++;
        return { program: guessed > namesMax ? program : likely(program), words, hidden: true };
      }
      return { ...bared(program, hidden), words };
    },
    fileOf(path) {
      const text = files.get(nameOf(path)) ?? before.get(nameOf(path));
      // Whoever reads one file a thousand times has read a thousand files.
      return text !== undefined && spend(text.length) ? text : undefined;
    },
    isFetched: (path, { words }) =>
      fetched.has(nameOf(path)) || words.slice(0, 2).some((word) => fetched.has(nameOf(word))),
    directory: () => folder,
    spend,
    note({ program, words }, writes, output) {
      if (program === "cd" || program === "pushd")
        folder = gone(
          folder,
          words.find((word) => !word.startsWith("-")),
        );
      if (program === "alias") for (const word of words) aliases.note(word);
      if (linkers.has(program)) {
        const operands = words.filter((word) => !word.startsWith("-"));
        const [from = "", to = ""] = operands.slice(-2);
        if (operands.length === 2 && knownPrograms.has(baseOf(from)))
          keep(copies, nameOf(to), baseOf(from));
        const text = files.get(nameOf(from));
        if (operands.length === 2 && text !== undefined) keep(files, nameOf(to), text);
      }
      if (fetchers.has(program))
        for (const path of outputsOf(words)) if (fetched.size < namesMax) fetched.add(nameOf(path));
      const targets = [...writes, ...(program === "tee" ? words : [])];
      const isFetching = fetchers.has(program);
      for (const path of targets) {
        if (output !== undefined) keep(files, nameOf(path), output);
        if (isFetching && fetched.size < namesMax) fetched.add(nameOf(path));
      }
    },
  };
}

function gone(folder: string | undefined, to: string | undefined): string | undefined {
  if (to === undefined) return folder;
  const next = folder === undefined || /^[/~$]/.test(to) ? to : `${folder}/${to}`;
  // No system goes to a longer one.
  return next.length <= contextLimits.pathUnitsMax ? next : folder;
}

/** `[` is a program. */
function isGlob(program: string): boolean {
  return /[*?[]/.test(program) && !knownPrograms.has(program);
}

/** `/bin/r?` is what such a name could be. */
function likely(program: string): string {
  const isLike = globOf(program);
  for (const name of knownPrograms) if (isLike(name)) return name;
  return program;
}

/** Without what nobody knows: `r${x}m` is `rm` where `x` is empty. */
function bared(
  program: string,
  hidden: boolean,
): { readonly program: string; readonly hidden: boolean } {
  if (!program.includes("$")) return { program, hidden };
  const bare = program.replace(/\$(?:\{[^}]*\}|[@*#?!0-9-]|[a-z_][a-z0-9_]*)/g, "");
  return { program: bare === "" ? program : bare, hidden: bare === "" || hidden };
}

/** `./x.sh`, `x.sh` and `/w/x.sh` name one file to whoever does not know the folder: the last part tells. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).slice(0, 256);
}

function baseOf(path: string): string {
  return nameOf(path).toLowerCase();
}

function outputsOf(words: readonly string[]): readonly string[] {
  const named = words.flatMap((word, at) => {
    const before = words[at - 1] ?? "";
    if (
      /^(?:-o|-O|--output|--output-document)$/.test(before) ||
      /^-[A-Za-z]{1,6}[oO]$/.test(before)
    )
      return [word];
    return /^--output(?:-document)?=(.*)$/s.exec(word)?.[1] ?? [];
  });
  const isAsServed = words.some((word) => /^-[A-Za-z]*O$/.test(word));
  return isAsServed ? [...named, ...words.filter((word) => word.includes("://"))] : named;
}
