import { z } from "zod";
import { type Condition, condition } from "../condition.ts";
import { pathEntries, writesOneOf } from "../path-entries.ts";
import { timeOf } from "../record-order.ts";
import { exposuresOf, reachShape, spellOf } from "../untrusted.ts";

const parametersSchema = z.strictObject({ ...reachShape, paths: pathEntries });

/** Foreign text came in, and soon after it the agent wrote what it will read again: its memory or its rules. No person's word or yes stands in between. */
export const memoryPoisoned: Condition = condition({
  cases: ["found"],
  inputs: ["observation", "tool_call"],
  parameters: parametersSchema,
  find: (story, { paths, ...reach }) => {
    const spell = spellOf(story, exposuresOf(story, reach), reach);
    const isMemory = writesOneOf(paths);
    return story.calls.flatMap((call) => {
      if (call.status !== "executed" || !isMemory(call)) return [];
      const exposure = spell.before(call);
      if (exposure === undefined) return [];
      const refs = [exposure.record.id, call.anchor.id];
      return [{ case: "found", at: timeOf(call.anchor), call: call.call, refs }];
    });
  },
});
