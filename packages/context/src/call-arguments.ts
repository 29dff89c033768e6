import type { ToolKind } from "@custody/model";
import { contextLimits } from "./limits.ts";
import { knownPrograms } from "./risk-table.ts";

export interface PathUse {
  readonly path: string;
  readonly access: "read" | "write";
}

/** What a tool's arguments say, read without knowing the tool's schema. */
export interface CallArguments {
  /** Texts that a shell would run. */
  readonly scripts: readonly string[];
  /** Commands given as words already. */
  readonly argv: readonly (readonly string[])[];
  readonly paths: readonly PathUse[];
  /** The directory the command runs in, where the arguments say one. */
  readonly directory: string | undefined;
  /** Every string, for URLs. */
  readonly strings: readonly string[];
}

const scriptMembers = new Set([
  "cmd",
  "command",
  "script",
  "shell_command",
  "commandline",
  "full_command",
]);
const directoryMembers = new Set(["workdir", "cwd", "working_directory", "working_dir"]);
const pathMembers = new Set([
  "file_path",
  "path",
  "filepath",
  "filename",
  "file",
  "target_file",
  "notebook_path",
  "absolute_path",
  "dir_path",
  "directory",
  "destination",
  "old_path",
  "new_path",
  "relative_path",
]);
/** A tool whose name begins like this does not write. */
const readers = /^(?:read|view|list|ls|glob|grep|search|find|get|stat|notebookread|lsp|cat|open)/i;
const writers = /^(?:write|edit|create|move|delete|remove|append|update|patch|replace|rename)/i;

/** Reads hostile arguments: JSON where they parse, else one text. Never throws; bounded by `contextLimits`. */
export function readArguments(tool: string, kind: ToolKind, text: string): CallArguments {
  const bounded = text.slice(0, contextLimits.argumentsUnitsMax);
  const access = accessOf(tool, kind);
  const out: Mutable = { scripts: [], argv: [], paths: [], directory: undefined, strings: [] };
  const json = parse(bounded);
  if (json === undefined || typeof json !== "object") {
    const whole = typeof json === "string" ? json : bounded;
    out.strings.push(whole);
    if (kind === "exec" || kind === "pkg" || kind === "vcs") out.scripts.push(whole);
  } else collect(json, "", 0, access, kind, out);
  for (const string of out.strings) patchPaths(string, out.paths);
  return out;
}

/** Of another server's tool the last part of its name tells: `mcp__files__write_file`. */
function accessOf(tool: string, kind: ToolKind): PathUse["access"] {
  if (kind === "mcp")
    return writers.test(tool.slice(tool.lastIndexOf("__") + 1)) ? "write" : "read";
  return kind !== "fs" || readers.test(tool) ? "read" : "write";
}

interface Mutable {
  scripts: string[];
  argv: string[][];
  paths: PathUse[];
  directory: string | undefined;
  strings: string[];
}

function parse(text: string): unknown {
  const first = text.trimStart().charAt(0);
  if (first !== "{" && first !== "[" && first !== '"') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Arguments cut by their source, or no JSON at all: they are read as text.
    return undefined;
  }
}

function collect(
  value: unknown,
  member: string,
  depth: number,
  access: PathUse["access"],
  kind: ToolKind,
  out: Mutable,
): void {
  if (depth > contextLimits.argumentDepthMax) return;
  if (out.strings.length >= contextLimits.argumentStringsMax) return;
  if (typeof value === "string") collectText(value, member, access, kind, out);
  if (value === null || typeof value !== "object") return;
  const words = Array.isArray(value) && scriptMembers.has(member) ? strings(value) : undefined;
  if (words) out.argv.push(words);
  for (const [name, item] of Object.entries(value)) {
    const inner = Array.isArray(value) ? (words ? "" : member) : name.toLowerCase();
    collect(item, inner, depth + 1, access, kind, out);
  }
}

function strings(value: readonly unknown[]): string[] | undefined {
  const words = value.filter((item) => typeof item === "string");
  return words.length === value.length && words.length > 0 ? words : undefined;
}

function collectText(
  text: string,
  member: string,
  access: PathUse["access"],
  kind: ToolKind,
  out: Mutable,
): void {
  out.strings.push(text);
  // What a tool calls itself is the agent's word: a command is one under any name. File tools name their own verbs by a single word.
  if (scriptMembers.has(member) && (kind !== "fs" || isCommand(text))) out.scripts.push(text);
  else if (directoryMembers.has(member)) out.directory ??= text;
  else if (pathMembers.has(member) && (kind === "fs" || kind === "mcp"))
    out.paths.push({ path: text, access });
}

/** More than a verb such as `view` or `str_replace`: words, or one that is a program's name. */
function isCommand(text: string): boolean {
  return /[^A-Za-z_-]/.test(text.trim()) || knownPrograms.has(text.trim());
}

const patchHeads = ["*** Add File: ", "*** Update File: ", "*** Delete File: ", "*** Move to: "];

/** The files of a patch in the form `apply_patch` takes. */
function patchPaths(text: string, paths: PathUse[]): void {
  if (!text.includes("*** Begin Patch")) return;
  for (const line of text.split("\n")) {
    const head = patchHeads.find((start) => line.startsWith(start));
    if (head) paths.push({ path: line.slice(head.length).trim(), access: "write" });
    if (paths.length >= contextLimits.argumentStringsMax) return;
  }
}
