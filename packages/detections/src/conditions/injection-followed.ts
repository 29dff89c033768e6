import { type LedgerRecord, millisOf } from "@custody/model";
import { z } from "zod";
import { type Condition, condition, type Hit } from "../condition.ts";
import { pathEntries, writesOneOf } from "../path-entries.ts";
import { isOf, timeOf } from "../record-order.ts";
import type { CallStory, Story } from "../story.ts";
import { type Exposure, exposuresOf, reachShape, spellOf } from "../untrusted.ts";

type Turn = "secret" | "suspected" | "host" | "config" | "tool";

const parametersSchema = z.strictObject({ ...reachShape, paths: pathEntries });

/**
 * Foreign text came in, and soon after it, with no word of a person in between, the agent did what it had not done before: `host`, it reached for a
 * new one; `config`, it wrote what tells agents what to do; `tool`, it used a tool for the first time on a call of T2 or more. `secret`: that call or one
 * since the text touched credentials; `suspected`: the text was marked as an injection. Whether the text asked for it nobody here can read.
 */
export const injectionFollowed: Condition = condition({
  cases: ["secret", "suspected", "host", "config", "tool"],
  inputs: ["observation", "tool_call"],
  parameters: parametersSchema,
  find: (story, { paths, ...reach }) => {
    const spell = spellOf(story, exposuresOf(story, reach), reach);
    const isConfig = writesOneOf(paths);
    const firstReach = firstReachOf(story);
    const used = new Set<string>();
    let touched: number | undefined;
    return story.calls.flatMap((call): readonly Hit<Turn>[] => {
      if (!ran(call)) return [];
      const began = millisOf(call.startedAt);
      const isNewTool = call.tier >= 2 && call.unread !== true && !used.has(toolOf(call));
      if (call.tier >= 2) used.add(toolOf(call));
      if (call.risk.has("secret_access")) touched = began;
      const exposure = spell.before(call);
      if (exposure === undefined) return [];
      const change = isConfig(call)
        ? "config"
        : firstReach.get(call.call)
          ? "host"
          : isNewTool
            ? "tool"
            : undefined;
      if (change === undefined) return [];
      const isSecret = touched !== undefined && touched >= exposure.at && change !== "config";
      return [hitOf(gravest(change, exposure, isSecret), call, exposure)];
    });
  },
});

function gravest(change: Turn, { suspected }: Exposure, isSecret: boolean): Turn {
  if (isSecret && change !== "tool") return "secret";
  return suspected ? "suspected" : change;
}

function hitOf(name: Turn, call: CallStory, { record }: Exposure): Hit<Turn> {
  const refs = [record.id, call.anchor.id];
  return { case: name, at: timeOf(call.anchor), call: call.call, refs };
}

function ran({ status }: CallStory): boolean {
  return status === "executed" || status === "error" || status === "timeout";
}

/** Calls that were the first of their session to name or reach a host, whether it let them or not. */
function firstReachOf(story: Story): ReadonlyMap<string, true> {
  const known = new Set<string>();
  const first = new Map<string, true>();
  for (const { call, told } of story.calls) {
    for (const host of told.flatMap(hostsOf)) {
      if (known.has(host)) continue;
      known.add(host);
      first.set(call, true);
    }
  }
  return first;
}

function hostsOf(record: LedgerRecord): readonly string[] {
  if (isOf(record, "egress")) return [record.body.host];
  if (isOf(record, "tool_call") || isOf(record, "decision")) return record.body.hosts ?? [];
  return [];
}

function toolOf({ told }: CallStory): string {
  for (const record of told) {
    if (isOf(record, "tool_call") || isOf(record, "decision")) return record.body.tool;
  }
  return "";
}
