import { limits, type ToolKind } from "@custody/model";
import { readArguments } from "../call-arguments.ts";
import { callPaths } from "../call-facts.ts";
import { programCalls } from "../programs.ts";

/**
 * The files that a call's arguments say it writes: those of a file tool or a patch, and those a shell sends output to. What a command writes by
 * itself stands in no argument, and is not here.
 */
export function callWrites(tool: string, kind: ToolKind, argumentsText: string): readonly string[] {
  const named = callPaths(tool, kind, argumentsText).flatMap(({ path, access }) =>
    access === "write" ? [path] : [],
  );
  if (kind === "fs") return named;
  const { scripts, argv } = readArguments(tool, kind, argumentsText);
  const sent = programCalls(scripts, argv)
    .flatMap(({ writes }) => writes)
    .filter((path) => !path.startsWith("/dev/") && path !== "" && path.length <= 4_096);
  return [...new Set([...named, ...sent])].slice(0, limits.bodyListItemsMax);
}

/** The directory that a call runs in, where its arguments say one. */
export function callDirectory(tool: string, kind: ToolKind, text: string): string | undefined {
  return readArguments(tool, kind, text).directory;
}

/**
 * Whether a path as a call names it is a file of a repository as version control names it: the same, or ending with it. A path that is relative to a
 * folder nobody tells is that of no other folder.
 */
export function isFileOf(
  committed: string,
  written: string,
  directory: string | undefined,
): boolean {
  const own = partsOf(committed);
  const isWhole = written.startsWith("/") || /^[A-Za-z]:[\\/]/.test(written);
  const whole = isWhole || directory === undefined ? written : `${directory}/${written}`;
  const parts = partsOf(whole);
  const from = parts.length - own.length;
  return own.length > 0 && from >= 0 && own.every((part, at) => parts[from + at] === part);
}

/** Without `.`, and with `..` taken back. */
function partsOf(path: string): readonly string[] {
  const parts: string[] = [];
  for (const part of path.split(/[/\\]/)) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts;
}
