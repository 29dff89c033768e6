import { limits, type ToolKind } from "@custody/model";
import { type PathUse, readArguments } from "./call-arguments.ts";
import { contextLimits } from "./limits.ts";
import { sentBy, writtenBy } from "./program-touches.ts";
import { type ProgramCall, programCalls } from "./programs.ts";

/**
 * The files that a call would read or write: those that its arguments name, and those that its commands write. The rules ask for them; of a command
 * it is what its words say, and no effect that anybody saw.
 */
export function callTouches(
  tool: string,
  kind: ToolKind,
  argumentsText: string,
  files?: ReadonlyMap<string, string>,
): readonly PathUse[] {
  const { paths, scripts, argv } = readArguments(tool, kind, argumentsText);
  const written = writtenOf(programCalls(scripts, argv, files), writtenBy);
  return distinct(paths, written, contextLimits.touchesMax);
}

/**
 * The files that a call says it writes, for its effects: those of a file tool or a patch, and those a shell sends output to. What a command writes by
 * itself, or may, is not here: its words say two things of `cp a b`, and version control shows what came of it.
 */
export function callWrites(tool: string, kind: ToolKind, argumentsText: string): readonly string[] {
  const { paths, scripts, argv } = readArguments(tool, kind, argumentsText);
  const named = paths.filter(({ access }) => access === "write");
  const sent = writtenOf(programCalls(scripts, argv), filesSentBy);
  return distinct(named, sent, limits.bodyListItemsMax).map(({ path }) => path);
}

/** The directory that a call runs in, where its arguments say one. */
export function callDirectory(tool: string, kind: ToolKind, text: string): string | undefined {
  return readArguments(tool, kind, text).directory;
}

/** A device is no file. */
function* filesSentBy(call: ProgramCall): Iterable<string> {
  for (const path of sentBy(call)) if (!path.startsWith("/dev/")) yield path;
}

function* writtenOf(
  calls: readonly ProgramCall[],
  by: (call: ProgramCall) => Iterable<string>,
): Iterable<PathUse> {
  for (const call of calls) for (const path of by(call)) yield { path, access: "write" };
}

/** Each path once, as written where it is; the first of them stay. */
function distinct(
  named: readonly PathUse[],
  written: Iterable<PathUse>,
  pathsMax: number,
): readonly PathUse[] {
  const seen = new Map<string, PathUse["access"]>();
  for (const uses of [named, written]) {
    for (const { path, access } of uses) {
      if (seen.size >= pathsMax) break;
      if (access === "write" || !seen.has(path)) seen.set(path, access);
    }
  }
  return [...seen].map(([path, access]) => ({ path, access }));
}
