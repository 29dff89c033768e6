import type { ToolKind } from "@custody/model";
import type { CallArguments, PathUse } from "./call-arguments.ts";
import { globOf } from "./glob.ts";
import { withoutVersion } from "./inner-texts.ts";
import { within, writtenBy } from "./program-touches.ts";
import { baseName, type ProgramCall } from "./programs.ts";
import { type RiskRow, type RiskWord, readOnlyTable, riskTable, riskWords } from "./risk-table.ts";
import {
  destructiveStatements,
  fetchers,
  interpreters,
  metadataHosts,
  sayers,
  secretPaths,
} from "./risk-words.ts";

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
  hosts: ReadonlySet<string>,
): readonly RiskWord[] {
  const found = new Set<RiskWord>();
  calls.forEach((call) => programRisks(call, args, found));
  if (calls.some((call) => runsDownload(call, calls))) found.add("pipe_to_shell");
  for (const use of args.paths) pathRisks(use, args, found);
  if (kind === "net" || kind === "browser" || hosts.size > 0) found.add("network");
  if ([...hosts].some((host) => metadataHosts.has(host))) found.add("secret_access");
  if (kind === "pkg") found.add("package_install");
  const scripts = new Set(args.scripts);
  const loose = args.strings.filter((text) => !scripts.has(text));
  const run = calls.filter(({ program }) => !sayers.has(program) && program !== "git");
  if ([...loose, ...run.flatMap(({ words }) => words)].some(destroysData)) found.add("destructive");
  if (found.has("package_install") || found.has("deploy")) found.add("network");
  if (found.size === 0 && onlyReads(kind, calls, args)) found.add("read_only");
  return riskWords.filter((word) => found.has(word));
}

function programRisks(call: ProgramCall, args: CallArguments, found: Set<RiskWord>): void {
  const words = spread(call.words);
  // A wrapper that stands before the program a thousand times is one.
  for (const program of new Set([call.program, ...call.wrappers])) {
    const own = rows.get(program) ?? rows.get(withoutVersion(program)) ?? [];
    for (const row of own) if (holds(row, words)) found.add(row.risk);
  }
  for (const target of writtenBy(call)) {
    if (target.startsWith("/dev/tcp/") || target.startsWith("/dev/udp/")) found.add("network");
    if (/^\/dev\/(?:sd|hd|nvme|vd|xvd|disk|mapper)/.test(target)) found.add("destructive");
    if (isDevice(target)) continue;
    found.add(isOutside(target, args.directory, true) ? "outside_workspace" : "workspace_write");
  }
  // A name that is only said is no file.
  const isSaid = call.program === "echo" || call.program === "printf";
  const said = [...(isSaid ? [] : call.words), ...call.writes];
  if (said.some((word) => holdsSecret(within(call.directory, word)))) found.add("secret_access");
  if (said.some((word) => word.startsWith("/dev/tcp/") || word.startsWith("/dev/udp/")))
    found.add("network");
  if (call.hidden) found.add("unknown");
  if (call.fetched) found.add("pipe_to_shell");
  if (call.program === "mv" && call.words.at(-1) === "/dev/null") found.add("destructive");
  // `env` and `set` without a command print the environment.
  const printsAll = call.program === "" && call.wrappers.at(-1) === "env";
  if (printsAll || (call.program === "set" && call.words.length === 0)) found.add("secret_access");
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
  if (word.length > 4_096 || !/[./_ ]/.test(word)) return false;
  const path = word.slice(Math.max(word.lastIndexOf("="), word.lastIndexOf("@")) + 1);
  const name = baseName(path);
  if (/\.(?:pub|example|sample|template|dist|md)$/.test(name)) return false;
  if (/\.(?:pem|key|p12|pfx|jks|keystore|kdbx)$/.test(name)) return true;
  if (/^\/proc\/[^/]+\/environ$/.test(path)) return true;
  const isPattern = /[*?[]/.test(path);
  const isName = isPattern ? globOf(name) : (part: string) => name === part;
  const isEnd = isPattern ? endOf(path) : () => false;
  return secretPaths.some((part) => {
    if (part.endsWith("/") && `${path}/`.endsWith(`/${part}`)) return true;
    if (part.includes("/")) return path.includes(part) || isEnd(part);
    return name === part || name.startsWith(`${part}.`) || isName(part);
  });
}

/** Whether the last parts of a path with stars could be those of a known one. */
function endOf(path: string): (known: string) => boolean {
  const globs = path
    .split("/")
    .slice(-endPartsMax)
    .map((part) => globOf(part.slice(0, 64)));
  return (known) => {
    const parts = known.split("/").filter((one) => one !== "");
    const own = globs.slice(-(parts.length + (known.endsWith("/") ? 1 : 0)));
    return parts.every((part, at) => own[at]?.(part) === true);
  };
}

/** No known path has more, and one part behind it. */
const endPartsMax = 8;

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
  const folded = text.toLowerCase().split(/\s+/).join(" ");
  if (!folded.includes(" ")) return false;
  const isUnbounded = /^\W*delete from \S+(?: \W*)?$/.test(folded);
  return isUnbounded || destructiveStatements.some((statement) => folded.includes(statement));
}

function onlyReads(kind: ToolKind, calls: readonly ProgramCall[], args: CallArguments): boolean {
  if (kind === "fs" && calls.length === 0)
    return args.paths.every(({ access }) => access === "read");
  const ran = calls.filter(({ program, words }) => program !== "" || words.length > 0);
  return (
    (kind === "exec" || kind === "fs") &&
    args.paths.every(({ access }) => access === "read") &&
    ran.length > 0 &&
    ran.every((call) =>
      (readOnlyRows.get(call.program) ?? []).some((row) => holds(row, spread(call.words))),
    )
  );
}
