import type { ToolKind } from "@custody/model";
import { contextLimits } from "./limits.ts";

/** A file that a call writes whole, or adds lines to, and what it writes. */
export interface WrittenFile {
  readonly path: string;
  readonly text: string;
}

const pathMembers = ["file_path", "path", "filepath", "filename", "absolute_path", "target_file"];
const textMembers = ["content", "contents", "file_text", "text", "new_string", "new_str", "code"];

/** The texts that a call's arguments put into files: read again where a later call of the session runs one of them. Bounded; hostile text is kept as it is. */
export function callFiles(kind: ToolKind, argumentsText: string): readonly WrittenFile[] {
  if (kind !== "fs" && kind !== "mcp" && kind !== "other") return [];
  const said = objectOf(argumentsText.slice(0, contextLimits.argumentsUnitsMax));
  if (said === undefined) return patched(argumentsText);
  const path = pathMembers.map((name) => said[name]).find(isText);
  const text = textMembers.map((name) => said[name]).find(isText);
  const patch = Object.values(said).filter(isText).flatMap(patched);
  return path === undefined || text === undefined
    ? patch
    : [...patch, { path, text: bounded(text) }];
}

function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    // Arguments cut by their source, or a patch that is no JSON.
    return undefined;
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

const heads = ["*** Add File: ", "*** Update File: "];

/** Added lines of a patch in the form `apply_patch` takes. */
function patched(patch: string): readonly WrittenFile[] {
  if (!patch.includes("*** Begin Patch")) return [];
  const files: { path: string; lines: string[] }[] = [];
  for (const line of patch.slice(0, contextLimits.argumentsUnitsMax).split("\n")) {
    const head = heads.find((start) => line.startsWith(start));
    if (head !== undefined && files.length < contextLimits.handedWordsMax)
      files.push({ path: line.slice(head.length).trim(), lines: [] });
    else if (line.startsWith("+")) files.at(-1)?.lines.push(line.slice(1));
  }
  return files.map(({ path, lines }) => ({ path, text: bounded(lines.join("\n")) }));
}

function bounded(text: string): string {
  return text.slice(0, contextLimits.writtenUnitsMax);
}
