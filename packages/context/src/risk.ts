import type { ToolKind } from "@custody/model";
import type { CallArguments, PathUse } from "./call-arguments.ts";
import { baseName, type ProgramCall } from "./programs.ts";
import {
  destructiveStatements,
  fetchers,
  interpreters,
  type RiskRow,
  type RiskWord,
  readOnlyTable,
  riskTable,
  riskWords,
  secretPaths,
  writers,
} from "./risk-table.ts";

interface Row {
  readonly risk: RiskWord;
  readonly when: Sequences | undefined;
  readonly unless: Sequences | undefined;
}

type Sequences = readonly (readonly string[])[];

const rows = byProgram(riskTable);
const readOnlyRows = byProgram(readOnlyTable.map((row) => ({ ...row, risk: "read_only" })));

function byProgram(table: readonly RiskRow[]): ReadonlyMap<string, readonly Row[]> {
  const out = new Map<string, Row[]>();
  const sequences = (text: string): Sequences => text.split(" | ").map((words) => words.split(" "));
  for (const { risk, programs, when, unless } of table) {
    const row = {
      risk,
      when: when === undefined ? undefined : sequences(when),
      unless: unless === undefined ? undefined : sequences(unless),
    };
    for (const program of programs.split(" ")) {
      out.set(program, [...(out.get(program) ?? []), row]);
    }
  }
  return out;
}

/** The risk words of a call, in the order of the closed list. */
export function riskOf(
  kind: ToolKind,
  calls: readonly ProgramCall[],
  args: CallArguments,
  hosts: number,
): readonly RiskWord[] {
  const found = new Set<RiskWord>();
  calls.forEach((call) => programRisks(call, args, found));
  if (calls.some((call) => runsDownload(call, calls))) found.add("pipe_to_shell");
  for (const use of args.paths) pathRisks(use, args, found);
  if (kind === "net" || kind === "browser" || hosts > 0) found.add("network");
  if (kind === "pkg") found.add("package_install");
  if (args.strings.some(destroysData)) found.add("destructive");
  if (found.has("package_install") || found.has("deploy")) found.add("network");
  if (found.size === 0 && onlyReads(kind, calls, args)) found.add("read_only");
  return riskWords.filter((word) => found.has(word));
}

function programRisks(call: ProgramCall, args: CallArguments, found: Set<RiskWord>): void {
  for (const program of [call.program, ...call.wrappers]) {
    const own = rows.get(program);
    if (own === undefined) continue;
    const words = spread(call.words);
    for (const row of own) if (holds(row, words)) found.add(row.risk);
  }
  const targets = [...call.writes, ...(writers.has(call.program) ? operands(call.words) : [])];
  for (const target of targets) {
    if (isDevice(target)) continue;
    found.add(isOutside(target, args.directory, true) ? "outside_workspace" : "workspace_write");
  }
  if ([...call.words, ...call.writes].some(holdsSecret)) found.add("secret_access");
  // `env` and `set` without a command print the environment.
  if (call.program === "" && call.wrappers.at(-1) === "env") found.add("secret_access");
}

function holds({ when, unless }: Row, words: readonly string[]): boolean {
  if (unless?.some((sequence) => inOrder(sequence, words))) return false;
  return when === undefined || when.some((sequence) => inOrder(sequence, words));
}

function inOrder(sequence: readonly string[], words: readonly string[]): boolean {
  let next = 0;
  for (const word of words) if (word === sequence[next]) next++;
  return next === sequence.length;
}

/** Adds the flags of a cluster as words of their own: `-rf` is also `-r` and `-f`. */
function spread(words: readonly string[]): readonly string[] {
  if (!words.some((word) => word.length > 2 && word.startsWith("-"))) return words;
  return words.flatMap((word) =>
    /^-[A-Za-z]{2,8}$/.test(word)
      ? [word, ...[...word.slice(1)].map((flag) => `-${flag}`)]
      : [word],
  );
}

function operands(words: readonly string[]): readonly string[] {
  return words
    .filter((word) => !word.startsWith("-"))
    .map((word) => word.replace(/^(?:of|if)=/, ""));
}

function isDevice(path: string): boolean {
  return ["/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty"].includes(path);
}

const systemFolder = /^\/(?:etc|usr|bin|sbin|lib|lib64|opt|var|root|boot|proc|sys|dev)(?:\/|$)/;

/**
 * Whether a path leaves the workspace. The workspace's root is not in the arguments, so a folder the call names as its own stands for it.
 * Without one, an absolute path is outside in a shell command; editing tools name every file by its absolute path, so there only
 * system folders are. `/tmp` is nobody's workspace and everybody's scratch: it is not counted.
 */
function isOutside(path: string, directory: string | undefined, shell: boolean): boolean {
  if (path.startsWith("~") || path.startsWith("$HOME")) return true;
  if (path.split("/").includes("..")) return true;
  if (!path.startsWith("/")) return /^[A-Za-z]:\\/.test(path) && shell;
  if (path.startsWith("/tmp/") || systemFolder.test(path)) return !path.startsWith("/tmp/");
  if (directory?.startsWith("/")) return path !== directory && !path.startsWith(`${directory}/`);
  return shell;
}

/** `--file=.env` and `@.env` name a file too. A part with a slash may stand anywhere; a name must be the file's. */
function holdsSecret(word: string): boolean {
  if (word.length > 4_096 || !/[./_]/.test(word)) return false;
  const path = word.slice(Math.max(word.lastIndexOf("="), word.lastIndexOf("@")) + 1);
  const name = baseName(path);
  return secretPaths.some((part) =>
    part.includes("/") ? path.includes(part) : name === part || name.startsWith(`${part}.`),
  );
}

function pathRisks({ path, access }: PathUse, args: CallArguments, found: Set<RiskWord>): void {
  if (holdsSecret(path)) found.add("secret_access");
  if (access === "read") return;
  found.add(isOutside(path, args.directory, false) ? "outside_workspace" : "workspace_write");
}

/** `curl … | sh`, `bash <(curl …)`, `sh -c "$(curl …)"`: what was fetched is run. */
function runsDownload(call: ProgramCall, calls: readonly ProgramCall[]): boolean {
  if (interpreters.has(call.program) || interpreters.has(call.wrappers.at(-1) ?? "")) {
    for (let at = call.pipedFrom; at !== undefined; at = calls[at]?.pipedFrom) {
      if (fetchers.has(calls[at]?.program ?? "")) return true;
    }
  }
  if (!fetchers.has(call.program)) return false;
  // Only substitutions count: in `sh -c 'curl …'` the shell runs curl and not what it fetched.
  for (let child: ProgramCall | undefined = call; child?.substituted; ) {
    child = child.inside === undefined ? undefined : calls[child.inside];
    if (child && interpreters.has(child.program)) return true;
  }
  return false;
}

function destroysData(text: string): boolean {
  const folded = text.toLowerCase();
  return destructiveStatements.some((statement) => folded.includes(statement));
}

function onlyReads(kind: ToolKind, calls: readonly ProgramCall[], args: CallArguments): boolean {
  if (kind === "fs") return args.paths.every(({ access }) => access === "read");
  const ran = calls.filter(({ program, words }) => program !== "" || words.length > 0);
  return (
    kind === "exec" &&
    ran.length > 0 &&
    ran.every((call) =>
      (readOnlyRows.get(call.program) ?? []).some((row) => holds(row, spread(call.words))),
    )
  );
}
