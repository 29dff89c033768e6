import { z } from "zod";
import { standingFor } from "../approvals.ts";
import { type Condition, condition } from "../condition.ts";
import { timeOf } from "../record-order.ts";

const part = z.string().regex(/^[a-z0-9._/-]{2,120}$/, "not a lower-case path");

/**
 * A call that ran wrote a file which tells agents, shells or pipelines what to do, and no person said yes to it. Paths are compared part by
 * part, without case: an entry `.git/hooks/` is a folder anywhere, `.claude/settings.json` and `agents.md` are how a path ends.
 */
export const agentConfigWritten: Condition = condition({
  cases: ["found"],
  inputs: ["tool_call"],
  parameters: z.strictObject({ paths: z.array(part).min(1).max(200) }),
  find: (story, { paths }) => {
    const entries = paths.map((path) => ({
      parts: partsOf(path),
      folder: path.endsWith("/"),
    }));
    return story.calls.flatMap((call) => {
      if (call.status !== "executed") return [];
      const written = (call.paths ?? []).some(({ path, access }) => {
        if (access !== "write") return false;
        const own = partsOf(path);
        return entries.some((entry) => matches(own, entry));
      });
      if (!written || standingFor(call, story).some(({ body }) => body.by === "human")) return [];
      return [{ case: "found", at: timeOf(call.anchor), call: call.call, refs: [call.anchor.id] }];
    });
  },
});

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
