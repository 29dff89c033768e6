import { z } from "zod";
import type { CallEvidence } from "./evidence.ts";

/** `.git/hooks/` is a folder anywhere; `.claude/settings.json` and `agents.md` are how a path ends. */
export const pathEntries: z.ZodType<readonly string[]> = z
  .array(z.string().regex(/^[a-z0-9._/-]{2,120}$/, "not a lower-case path"))
  .min(1)
  .max(200);

/** Whether a call wrote a path that an entry names. Paths are compared part by part, without case. */
export function writesOneOf(
  entries: readonly string[],
): (call: Pick<CallEvidence, "paths">) => boolean {
  const known = entries.map((path) => ({ parts: partsOf(path), folder: path.endsWith("/") }));
  return ({ paths = [] }) =>
    paths.some(({ path, access }) => {
      if (access !== "write") return false;
      const own = partsOf(path);
      return known.some((entry) => matches(own, entry));
    });
}

interface Entry {
  readonly parts: readonly string[];
  readonly folder: boolean;
}

function matches(own: readonly string[], { parts, folder }: Entry): boolean {
  const stands = (from: number): boolean => parts.every((one, index) => own[from + index] === one);
  if (!folder) return own.length >= parts.length && stands(own.length - parts.length);
  for (let from = 0; from + parts.length < own.length; from++) if (stands(from)) return true;
  return false;
}

/** Without `.` and with `..` taken back, so that a detour through another folder hides nothing. */
function partsOf(path: string): readonly string[] {
  const parts: string[] = [];
  for (const one of path.toLowerCase().split(/[/\\]/)) {
    if (one === "..") parts.pop();
    else if (one !== "" && one !== ".") parts.push(one);
  }
  return parts;
}
