import { contextLimits } from "./limits.ts";
import { type ShellCommand, shellCommands } from "./shell-words.ts";

/** A command with the program that would run: assignments, keywords and wrappers such as `sudo` and `env` are taken off. */
export interface ProgramCall {
  /** Without its folder, lower case; empty where only assignments or redirections stand. */
  readonly program: string;
  /** The words after the program. */
  readonly words: readonly string[];
  readonly wrappers: readonly string[];
  readonly writes: readonly string[];
  readonly pipedFrom: number | undefined;
  /** The command that this one's output goes into, or the shell whose text it stands in. */
  readonly inside: number | undefined;
  /** True where the output is substituted into `inside`. */
  readonly substituted: boolean;
}

interface PlacedCommand extends ShellCommand {
  readonly substituted: boolean;
}

const keywords = new Set([
  "if",
  "then",
  "else",
  "elif",
  "do",
  "while",
  "until",
  "!",
  "{",
  "}",
  "time",
]);

/** Wrappers, and how many words of their own follow their flags. */
const wrappers: ReadonlyMap<string, number> = new Map([
  ["sudo", 0],
  ["doas", 0],
  ["env", 0],
  ["nohup", 0],
  ["command", 0],
  ["exec", 0],
  ["builtin", 0],
  ["nice", 0],
  ["ionice", 0],
  ["stdbuf", 0],
  ["setsid", 0],
  ["timeout", 1],
  ["xargs", 0],
  ["watch", 0],
  ["strace", 0],
  ["busybox", 0],
]);
/** Flags of wrappers that take the next word. */
const wrapperValueFlags = new Set(["-u", "-g", "-n", "-I", "-P", "-L", "-s", "-k", "-C", "-h"]);

const shells = new Set(["sh", "bash", "zsh", "dash", "ksh", "ash", "fish"]);

/** Every program call of the texts and argument vectors, shells inside shells included; indexes refer to this list. */
export function programCalls(
  scripts: readonly string[],
  argv: readonly (readonly string[])[],
): readonly ProgramCall[] {
  const calls: ProgramCall[] = [];
  for (const script of scripts) addScript(script, 0, undefined, calls);
  for (const words of argv) {
    const command = {
      words: [...words],
      writes: [],
      pipedFrom: undefined,
      inside: undefined,
      substituted: false,
    };
    addCommand(command, 0, calls);
  }
  return calls;
}

function addScript(
  script: string,
  depth: number,
  inside: number | undefined,
  calls: ProgramCall[],
): void {
  const places: number[] = [];
  for (const command of shellCommands(script)) {
    if (calls.length >= contextLimits.commandsMax) return;
    const placed = (index: number | undefined): number | undefined =>
      index === undefined ? undefined : places[index];
    places.push(calls.length);
    const moved = {
      ...command,
      pipedFrom: placed(command.pipedFrom),
      inside: placed(command.inside) ?? inside,
      substituted: command.inside !== undefined,
    };
    addCommand(moved, depth, calls);
  }
}

function addCommand(command: PlacedCommand, depth: number, calls: ProgramCall[]): void {
  const call = unwrap(command);
  const index = calls.length;
  calls.push(call);
  if (depth >= contextLimits.shellDepthMax) return;
  const script = innerScript(call);
  if (script !== undefined) addScript(script, depth + 1, index, calls);
}

/** The text that `sh -c`, `bash -lc` or `eval` would run. */
function innerScript({ program, words }: ProgramCall): string | undefined {
  if (program === "eval") return words.join(" ");
  if (!shells.has(program)) return undefined;
  const flag = words.findIndex((word) => /^-[a-z]*c[a-z]*$/.test(word));
  return flag < 0 ? undefined : words[flag + 1];
}

function unwrap(command: PlacedCommand): ProgramCall {
  const { words, writes, pipedFrom, inside, substituted } = command;
  const taken: string[] = [];
  let at = 0;
  for (let skip = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (keywords.has(word) || /^[A-Za-z_][A-Za-z0-9_]{0,127}=/.test(word)) continue;
    if (taken.length > 0 && word.startsWith("-")) {
      if (wrapperValueFlags.has(word)) at++;
      continue;
    }
    if (skip > 0) {
      skip--;
      continue;
    }
    const name = baseName(word);
    const own = wrappers.get(name);
    if (own === undefined) break;
    taken.push(name);
    skip = own;
  }
  return {
    program: baseName(words[at] ?? ""),
    words: words.slice(at + 1),
    wrappers: taken,
    writes,
    pipedFrom,
    inside,
    substituted,
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
