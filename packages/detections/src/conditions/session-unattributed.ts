import { z } from "zod";
import { type Condition, condition } from "../condition.ts";
import type { Attribution } from "../evidence.ts";
import { timeOf } from "../record-order.ts";

type Fault = "unknown" | "unlisted" | "shared";

const faults: Readonly<Record<Attribution, Fault | undefined>> = {
  listed: undefined,
  unlisted: "unlisted",
  shared: "shared",
  unknown: "unknown",
};

/**
 * Nobody answers for the session, where a list says who could: `unknown`, it came without a key; `unlisted`, its key is nobody's on the list, or no longer;
 * `shared`, several people have the key.
 */
export const sessionUnattributed: Condition = condition({
  cases: ["unknown", "unlisted", "shared"],
  inputs: ["session"],
  parameters: z.strictObject({}),
  find: (story) => {
    const [first] = story.of("session");
    const fault = story.attribution && faults[story.attribution];
    if (first === undefined || fault === undefined) return [];
    return [{ case: fault, at: timeOf(first), refs: [first.id] }];
  },
});
