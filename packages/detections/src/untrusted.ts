import { type LedgerRecord, millisOf } from "@custody/model";
import { z } from "zod";
import { standingFor } from "./approvals.ts";
import { timeOf } from "./record-order.ts";
import type { CallStory, Story } from "./story.ts";

/** Something that somebody else wrote came into the model's context. */
export interface Exposure {
  readonly record: LedgerRecord<"observation">;
  readonly at: number;
  readonly suspected: boolean;
}

/** What a rule says of how far foreign text reaches. */
export interface Reach {
  readonly trust: readonly string[];
  readonly suspected_labels: readonly string[];
  readonly window_ms: number;
  readonly calls_max: number;
}

export const reachShape: { readonly [K in keyof Reach]: z.ZodType<Reach[K]> } = {
  trust: z.array(z.string().min(1)).min(1),
  suspected_labels: z.array(z.string().min(1)),
  window_ms: z.int().positive(),
  calls_max: z.int().positive(),
};

/** What came from the web or from another's server, by its own mark or by the kind of the call that fetched it, in order. */
export function exposuresOf(story: Story, { trust, suspected_labels }: Reach): readonly Exposure[] {
  const kinds = new Map(story.calls.map((one) => [one.call, kindOf(one)]));
  return story.of("observation").flatMap((record): readonly Exposure[] => {
    const kind = kinds.get(story.callOf(record.id) ?? "");
    const isForeign =
      trust.includes(record.body.trust) || (kind !== undefined && foreignKinds.has(kind));
    if (!isForeign) return [];
    const suspected = record.body.labels?.some((one) => suspected_labels.includes(one)) === true;
    return [{ record, at: millisOf(timeOf(record)), suspected }];
  });
}

const foreignKinds: ReadonlySet<string> = new Set(["net", "browser"]);

function kindOf({ told }: CallStory): string | undefined {
  for (const record of told) {
    if (record.class === "tool_call" || record.class === "decision") {
      const { kind } = record.body as LedgerRecord<"decision">["body"];
      return kind;
    }
  }
  return undefined;
}

/** The last exposure under whose spell a call began: soon before it, few calls ago, no word of a person in between, and no person's yes to it. */
export interface Spell {
  /** Undefined where nothing foreign stands near. */
  before(call: CallStory): Exposure | undefined;
}

export function spellOf(story: Story, exposures: readonly Exposure[], reach: Reach): Spell {
  const prompts = story
    .of("turn")
    .filter(({ body }) => body.event === "start")
    .map((record) => millisOf(timeOf(record)));
  const heard = exposures.map(({ at }) => at);
  const starts = story.calls.map(({ startedAt }) => millisOf(startedAt));
  return {
    before(call) {
      const began = millisOf(call.startedAt);
      const last = exposures[countUpTo(heard, began - 1) - 1];
      if (last === undefined || began - last.at > reach.window_ms) return undefined;
      const between = countUpTo(starts, began - 1) - countUpTo(starts, last.at);
      if (between >= reach.calls_max) return undefined;
      if (countUpTo(prompts, began) > countUpTo(prompts, last.at)) return undefined;
      const isAllowed = standingFor(call, story).some(({ body }) => body.by === "human");
      return isAllowed ? undefined : last;
    },
  };
}

/** How many of the sorted numbers are at most `limit`. */
function countUpTo(sorted: readonly number[], limit: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if ((sorted[middle] ?? 0) <= limit) from = middle + 1;
    else to = middle;
  }
  return from;
}
