import { handedWords } from "./handed-words.ts";
import { innerOf } from "./inner-texts.ts";
import { contextLimits } from "./limits.ts";
import { fetchers } from "./risk-words.ts";
import { createScriptWorld, type ScriptWorld } from "./script-world.ts";
import type { ShellCommand } from "./shell-command.ts";
import { shellCommands } from "./shell-words.ts";
import { inputOf, outputOf } from "./static-output.ts";
import { keywords, wrappers } from "./wrappers.ts";

/** A command with the program that would run: assignments, keywords and wrappers such as `sudo` and `env` are taken off. */
export interface ProgramCall {
  /** Without its folder, lower case; empty where only assignments or redirections stand. */
  readonly program: string;
  /** The words after the program. */
  readonly words: readonly string[];
  readonly wrappers: readonly string[];
  /** What stands before the program, and itself as it is written: assignments, wrappers and their flags. */
  readonly before: readonly string[];
  readonly writes: readonly string[];
  readonly pipedFrom: number | undefined;
  /** The command that this one's output goes into, or the shell whose text it stands in. */
  readonly inside: number | undefined;
  /** True where the output is substituted into `inside`. */
  readonly substituted: boolean;
  /** What runs stands in something that only a run would tell. */
  readonly hidden: boolean;
  /** It runs a file that was fetched a moment before. */
  readonly fetched: boolean;
  /** Where an earlier command of the text went. */
  readonly directory: string | undefined;
}

interface PlacedCommand extends ShellCommand {
  readonly substituted: boolean;
}

interface Reading {
  readonly calls: ProgramCall[];
  /** The same, as what they print depends on them. */
  readonly printing: {
    readonly words: readonly string[];
    readonly pipedFrom: number | undefined;
    readonly input: string | undefined;
  }[];
  readonly world: ScriptWorld;
}

/**
 * Every program call of the texts and argument vectors, what stands inside of them included; indexes refer to this list. `files` are texts that were
 * written before, by their paths.
 */
export function programCalls(
  scripts: readonly string[],
  argv: readonly (readonly string[])[],
  files: ReadonlyMap<string, string> = new Map(),
): readonly ProgramCall[] {
  const reading: Reading = { calls: [], printing: [], world: createScriptWorld(files) };
  for (const script of scripts) addScript(script, 0, undefined, reading);
  for (const words of argv) addWords(words, 0, undefined, reading);
  return reading.calls;
}

function addWords(
  words: readonly string[],
  depth: number,
  inside: number | undefined,
  reading: Reading,
): void {
  if (words.length === 0 || reading.calls.length >= contextLimits.commandsMax) return;
  const plain = { writes: [], pipedFrom: undefined, input: undefined, hidden: false };
  addCommand({ ...plain, words: [...words], inside, substituted: false }, depth, reading);
}

function addScript(
  script: string,
  depth: number,
  inside: number | undefined,
  reading: Reading,
): void {
  const places: number[] = [];
  if (!reading.world.spend(script.length)) return;
  for (const command of shellCommands(script)) {
    if (reading.calls.length >= contextLimits.commandsMax) return;
    const placed = (index: number | undefined): number | undefined =>
      index === undefined ? undefined : places[index];
    places.push(reading.calls.length);
    const moved = {
      ...command,
      pipedFrom: placed(command.pipedFrom),
      inside: placed(command.inside) ?? inside,
      substituted: command.inside !== undefined,
    };
    addCommand(moved, depth, reading);
  }
}

function addCommand(command: PlacedCommand, depth: number, reading: Reading): void {
  const { calls, printing, world } = reading;
  const unwrapped = unwrap(command);
  const isPiped = command.pipedFrom !== undefined;
  const printed = { words: command.words, pipedFrom: command.pipedFrom, input: command.input };
  const input = isPiped || command.input !== undefined ? inputOf(printed, printing, 0) : undefined;
  const named = world.named(unwrapped.program, handed(unwrapped, input));
  const runner = { ...named, input, isPiped, fileOf: world.fileOf };
  const inner = innerOf(runner);
  const index = calls.length;
  calls.push({
    ...named,
    wrappers: unwrapped.wrappers,
    before: unwrapped.before,
    writes: command.writes,
    pipedFrom: command.pipedFrom,
    inside: command.inside,
    substituted: command.substituted,
    hidden: named.hidden || (inner.unread && !isToldElsewhere(command, calls)),
    fetched: world.isFetched(unwrapped.path, named),
    directory: world.directory(),
  });
  printing.push({ ...printed, words: [named.program, ...named.words] });
  world.note(named, command.writes, outputOf(printing, 0));
  if (depth >= contextLimits.shellDepthMax) return;
  const own = world.fileOf(unwrapped.path);
  for (const script of [
    ...inner.scripts,
    ...unwrapped.scripts,
    ...(own === undefined ? [] : [own]),
  ])
    if (script !== "") addScript(script, depth + 1, index, reading);
  for (const words of inner.argv) addWords(words, depth + 1, index, reading);
}

/**
 * What comes through a pipe from a program that fetches is a download that is run, and from `cat` a file that is run by its name: both are told as such.
 * What was decoded on the way is neither.
 */
function isToldElsewhere(command: PlacedCommand, calls: readonly ProgramCall[]): boolean {
  for (let at = command.pipedFrom; at !== undefined; at = calls[at]?.pipedFrom) {
    const program = calls[at]?.program ?? "";
    if (fetchers.has(program) || program === "cat") return true;
    if (decoders.has(program)) return false;
  }
  return false;
}

const decoders: ReadonlySet<string> = new Set(
  "base64 base32 xxd openssl gpg gunzip zcat tr rev sed awk perl".split(" "),
);

interface Unwrapped {
  readonly program: string;
  readonly path: string;
  readonly words: readonly string[];
  readonly wrappers: readonly string[];
  readonly before: readonly string[];
  /** Texts that a wrapper splits into words and runs. */
  readonly scripts: readonly string[];
  readonly hidden: boolean;
}

const assignment = /^[A-Za-z_][A-Za-z0-9_]{0,127}=/;

function unwrap({ words, hidden }: ShellCommand): Unwrapped {
  const taken: string[] = [];
  const scripts: string[] = [];
  let at = 0;
  let own = wrappers.get("");
  for (let skip = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (keywords.has(word) || assignment.test(word.slice(0, 160))) continue;
    if (taken.length > 0 && word.startsWith("-")) {
      const split = /^(?:-S|--split-string)=?(.*)$/s.exec(word);
      if (taken.at(-1) === "env" && split) scripts.push(split[1] || (words[++at] ?? ""));
      else if (own?.values.has(word)) at++;
      continue;
    }
    if (skip > 0) {
      skip--;
      continue;
    }
    const wrapper = wrappers.get(baseName(word));
    if (wrapper === undefined) break;
    own = wrapper;
    taken.push(baseName(word));
    skip = wrapper.own;
  }
  const path = words[at] ?? "";
  return {
    program: baseName(path),
    path,
    words: words.slice(at + 1),
    wrappers: taken,
    before: words.slice(0, at + 1),
    scripts,
    hidden,
  };
}

/** What `xargs` and `parallel` add to the words, where it is known. */
function handed(
  { words, wrappers: taken, hidden, path }: Unwrapped,
  input: string | undefined,
): {
  readonly words: readonly string[];
  readonly hidden: boolean;
  readonly path: string;
} {
  if (!taken.includes("xargs") && !taken.includes("parallel")) return { words, hidden, path };
  const added = (input ?? "")
    .split(/\s+/)
    .filter((word) => word !== "")
    .slice(0, contextLimits.handedWordsMax);
  const [first] = added;
  if (first === undefined) return { words, hidden, path };
  const placed = handedWords(words, first);
  return {
    words: placed.some((word, at) => word !== words[at]) ? placed : [...words, ...added],
    hidden,
    path,
  };
}

/** The last part of a path, lower case, without `.exe`. */
export function baseName(word: string): string {
  const slash = Math.max(word.lastIndexOf("/"), word.lastIndexOf("\\"));
  return word
    .slice(slash + 1, slash + 129)
    .toLowerCase()
    .replace(/\.exe$/, "");
}
