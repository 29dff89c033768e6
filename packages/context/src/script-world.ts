import { contextLimits } from "./limits.ts";
import { knownPrograms } from "./risk-table.ts";
import { shellCommands } from "./shell-words.ts";

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
  const aliases = new Map<string, readonly string[]>();
  const copies = new Map<string, string>();
  const files = new Map<string, string>();
  const fetched = new Set<string>();
  let folder: string | undefined;
  let left = 2 * contextLimits.argumentsUnitsMax;
  const keep = <V>(map: Map<string, V>, key: string, value: V): void => {
    if (map.size < namesMax && key !== "") map.set(key, value);
  };
  return {
    named(program, { words, hidden, path }) {
      const alias = aliases.get(program);
      if (alias) return { program: alias[0] ?? "", words: [...alias.slice(1), ...words], hidden };
      const copy = copies.get(nameOf(path));
      if (copy !== undefined) return { program: copy, words, hidden };
      return { ...bared(program, hidden), words };
    },
    fileOf: (path) => files.get(nameOf(path)) ?? before.get(nameOf(path)),
    isFetched: (path, { words }) =>
      fetched.has(nameOf(path)) || words.slice(0, 2).some((word) => fetched.has(nameOf(word))),
    directory: () => folder,
    spend(units) {
      left -= units;
      return left >= 0;
    },
    note({ program, words }, writes, output) {
      if (program === "cd" || program === "pushd") {
        const [to] = words.filter((word) => !word.startsWith("-"));
        if (to !== undefined)
          folder =
            to.startsWith("/") || /^[~$]/.test(to) || folder === undefined ? to : `${folder}/${to}`;
      }
      if (program === "alias") for (const word of words) noteAlias(word);
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

  function noteAlias(word: string): void {
    const equals = word.indexOf("=");
    if (equals <= 0) return;
    const [command] = shellCommands(word.slice(equals + 1, equals + 4_097));
    if (command && command.words.length > 0)
      keep(aliases, word.slice(0, equals).toLowerCase(), command.words);
  }
}

/** Without what nobody knows: `r${x}m` is `rm` where `x` is empty, and `/bin/r?` is what such a name could be. */
function bared(
  program: string,
  hidden: boolean,
): { readonly program: string; readonly hidden: boolean } {
  if (/[*?[]/.test(program)) {
    const match = [...knownPrograms].find((name) => isLike(name, program));
    return { program: match ?? program, hidden: true };
  }
  if (!program.includes("$")) return { program, hidden };
  const bare = program.replace(/\$(?:\{[^}]*\}|[@*#?!0-9-]|[a-z_][a-z0-9_]*)/g, "");
  return { program: bare === "" ? program : bare, hidden: bare === "" || hidden };
}

/** Glob by hand: `?` is one unit, `*` any number, `[…]` one of its units. A hostile pattern costs its length times the name's. */
export function isLike(name: string, pattern: string): boolean {
  const parts = /^\[[^\]]*\]/;
  let from = new Set([0]);
  for (let at = 0; at < pattern.length; at++) {
    const unit = pattern.charAt(at);
    const next = new Set<number>();
    const set = unit === "[" ? parts.exec(pattern.slice(at, at + 64))?.[0] : undefined;
    for (const place of from) {
      if (unit === "*") for (let to = place; to <= name.length; to++) next.add(to);
      else if (place < name.length) {
        const own = name.charAt(place);
        if (unit === "?" || unit === own || set?.includes(own) === true) next.add(place + 1);
      }
    }
    if (set !== undefined) at += set.length - 1;
    if (next.size === 0) return false;
    from = next;
  }
  return from.has(name.length);
}

/** `./x.sh`, `x.sh` and `/w/x.sh` name one file to whoever does not know the folder: the last part tells. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).slice(0, 256);
}

function baseOf(path: string): string {
  return nameOf(path).toLowerCase();
}

function outputsOf(words: readonly string[]): readonly string[] {
  return words.flatMap((word, at) => {
    const before = words[at - 1] ?? "";
    if (
      /^(?:-o|-O|--output|--output-document)$/.test(before) ||
      /^-[A-Za-z]{1,6}[oO]$/.test(before)
    )
      return [word];
    if (word === "-O" || /^-[A-Za-z]*L?O$/.test(word))
      return words.filter((one) => one.includes("://"));
    return /^--output(?:-document)?=(.*)$/s.exec(word)?.[1] ?? [];
  });
}
