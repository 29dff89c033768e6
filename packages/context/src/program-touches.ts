import { withoutLast } from "./last-units.ts";
import { contextLimits } from "./limits.ts";
import type { ProgramCall } from "./programs.ts";

type Touch = Pick<ProgramCall, "program" | "words" | "writes" | "directory">;

/** Programs all of whose operands are written or removed, after the first `skip` of them. */
const all: ReadonlyMap<string, number> = new Map([
  ...[
    "tee",
    "touch",
    "mkdir",
    "rm",
    "rmdir",
    "unlink",
    "truncate",
    "shred",
    "ed",
    "ex",
    "remove-item",
  ].map((name) => [name, 0] as const),
  ["chmod", 1],
  ["chown", 1],
  ["chgrp", 1],
]);
/** Programs that write what their last operand names, or what a flag does. */
const last: ReadonlySet<string> = new Set(["cp", "mv", "ln", "install", "rsync", "scp"]);
const inPlace: ReadonlySet<string> = new Set(["sed", "gsed", "perl", "ruby"]);
const editors: ReadonlySet<string> = new Set(["vim", "vi", "nvim", "emacs", "nano"]);

/**
 * The files that a command would write, as its words name them; a folder is followed by what is put into it, where that is known. One after the other:
 * all that many words are put into a folder of a long name would be much more than the text.
 */
export function* writtenBy(call: Touch): Iterable<string> {
  yield* sentBy(call);
  for (const path of targets(call.program, call.words)) yield* placedIn(call.directory, path);
}

/** The files that a command's output is sent to. */
export function* sentBy({ writes, directory }: Touch): Iterable<string> {
  for (const path of writes) yield* placedIn(directory, path);
}

function* placedIn(directory: string | undefined, path: string): Iterable<string> {
  if (path === "" || path === "-") return;
  const whole = within(directory, path);
  if (whole.length <= contextLimits.pathUnitsMax) yield whole;
}

/** A relative path stands where an earlier command went. */
export function within(directory: string | undefined, path: string): string {
  if (directory === undefined || /^[/~$]/.test(path)) return path;
  return `${withoutLast(directory, "/")}/${path}`;
}

function targets(program: string, words: readonly string[]): Iterable<string> {
  const operands = words.filter((word) => !word.startsWith("-"));
  const skip = all.get(program);
  if (skip !== undefined) return operands.slice(skip);
  if (last.has(program)) return placed(program, words, operands);
  if (program === "dd") return operands.flatMap((word) => /^of=(.*)$/s.exec(word)?.[1] ?? []);
  if (inPlace.has(program)) return words.some(isInPlace) ? operands : [];
  if (editors.has(program)) return words.some((word) => word.startsWith("-")) ? operands : [];
  if (program === "patch") return operands.slice(0, 1);
  if (program === "tar") return valuesOf(words, "-C", "--directory").map((path) => `${path}/*`);
  if (program === "unzip") return valuesOf(words, "-d").map((path) => `${path}/*`);
  if (program === "curl") return outputs(words, "o", "--output");
  if (program === "wget") return outputs(words, "O", "--output-document");
  if (program === "crontab") return words.includes("-l") ? [] : ["crontab"];
  if (program === "git") return gitTargets(operands, words);
  return settings(program, operands);
}

/** `cp a b dir/` writes `dir/a`; whether `dir` is a folder its name does not say, so both readings count. */
function* placed(
  program: string,
  words: readonly string[],
  operands: readonly string[],
): Iterable<string> {
  const folder = valuesOf(words, "-t", "--target-directory")[0];
  const into = folder ?? (operands.length > 1 ? operands.at(-1) : undefined);
  if (into === undefined) return;
  const sources = operands.filter((word) => word !== into);
  if (!into.endsWith("/")) yield into;
  const bare = withoutLast(into, "/");
  for (const source of sources) yield `${bare}/${baseOf(source)}`;
  if (program === "mv") yield* sources;
}

function baseOf(path: string): string {
  const bare = withoutLast(path, "/");
  return bare.slice(bare.lastIndexOf("/") + 1) || "*";
}

function isInPlace(word: string): boolean {
  return /^-[A-Za-z]*i/.test(word) || word.startsWith("--in-place");
}

function valuesOf(words: readonly string[], ...flags: readonly string[]): readonly string[] {
  return words.filter((_, at) => flags.includes(words[at - 1] ?? ""));
}

function outputs(words: readonly string[], letter: string, long: string): readonly string[] {
  return words.flatMap((word, at) => {
    const before = words[at - 1] ?? "";
    if (before === long || (/^-[A-Za-z]{1,8}$/.test(before) && before.endsWith(letter)))
      return [word];
    return word.startsWith(`${long}=`) ? [word.slice(long.length + 1)] : [];
  });
}

function gitTargets(operands: readonly string[], words: readonly string[]): readonly string[] {
  const [verb, ...rest] = operands;
  if (verb === "config") {
    const isRead = words.some((word) => /^--(?:get|list|show)/.test(word) || word === "-l");
    if (isRead || rest.length < 2) return [];
    return [words.includes("--global") ? "~/.gitconfig" : ".git/config"];
  }
  const dashes = words.indexOf("--");
  if ((verb === "checkout" || verb === "restore") && dashes >= 0) return words.slice(dashes + 1);
  return [];
}

/** Commands of agents that write their own settings. */
function settings(program: string, operands: readonly string[]): readonly string[] {
  const file = settingsOf.get(program);
  const [noun = "", verb = ""] = operands;
  const isWrite =
    (noun === "mcp" && /^(?:add|remove|add-json|import)/.test(verb)) ||
    (noun === "config" && /^(?:set|add|remove|unset)$/.test(verb)) ||
    noun === "plugin";
  return file !== undefined && isWrite ? [file] : [];
}

const settingsOf: ReadonlyMap<string, string> = new Map([
  ["claude", "~/.claude.json"],
  ["codex", "~/.codex/config.toml"],
  ["gemini", "~/.gemini/settings.json"],
  ["qwen", "~/.qwen/settings.json"],
  ["opencode", "opencode.json"],
]);
