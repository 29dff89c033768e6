import type { LedgerRecord } from "@custody/model";
import { z } from "zod";
import { type Condition, condition } from "../condition.ts";
import { timeOf } from "../record-order.ts";

const word = z.string().min(1).max(120);

/**
 * The session runs in a mode under which nobody is asked, in the agent's own words. `unconfined`: the mode also takes the sandbox away, or is
 * made to skip every question; `unasked`: whatever the sandbox allows is done without a question. Once for each word and session, and not
 * where a waiver covers the moment.
 */
export const approvalBypassed: Condition = condition({
  cases: ["unconfined", "unasked"],
  inputs: ["session"],
  parameters: z.strictObject({
    waived_as: z.string().min(1),
    unconfined: z.array(word).min(1),
    unasked: z.array(word).min(1),
  }),
  find: (story, { waived_as, unconfined, unasked }) => {
    const waivers = story.policy.waivers.filter((waiver) => waiver.rule === waived_as);
    const isWaived = (at: string): boolean => waivers.some(({ from, to }) => from <= at && at < to);
    const kinds = new Map([
      ...unasked.map((one) => [fold(one), "unasked"] as const),
      ...unconfined.map((one) => [fold(one), "unconfined"] as const),
    ]);
    const seen = new Set<string>();
    return story.of("session").flatMap((record) =>
      wordsOf(record).flatMap((said) => {
        const kind = kinds.get(said);
        const at = timeOf(record);
        if (kind === undefined || seen.has(said) || isWaived(at)) return [];
        seen.add(said);
        return [{ case: kind, at, about: said, refs: [record.id] }];
      }),
    );
  },
});

function wordsOf({ body }: LedgerRecord<"session">): readonly string[] {
  const said = [...(body.flags ?? []), body.approval_mode, body.sandbox_mode];
  return said.filter((one) => one !== undefined).map(fold);
}

function fold(text: string): string {
  return text.trim().toLowerCase();
}
