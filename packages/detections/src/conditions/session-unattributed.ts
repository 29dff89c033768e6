import { z } from "zod";
import { type Condition, condition, type Hit } from "../condition.ts";
import type { Attribution } from "../evidence.ts";
import { timeOf } from "../record-order.ts";

type Fault = "unknown" | "unlisted" | "shared" | "orphan";

const faults: Readonly<Record<Attribution, Fault | undefined>> = {
  listed: undefined,
  unlisted: "unlisted",
  shared: "shared",
  unknown: "unknown",
};

/**
 * Nobody answers for the session, where a list says who could: `unknown`, it came without a key; `unlisted`, its key is nobody's on the list, or no longer;
 * `shared`, several people have the key. `orphan`: it names a session that began it, and of that nothing was heard.
 */
export const sessionUnattributed: Condition = condition({
  cases: ["unknown", "unlisted", "shared", "orphan"],
  inputs: ["session"],
  parameters: z.strictObject({}),
  find: (story) => {
    const [first] = story.of("session");
    if (first === undefined) return [];
    const hit = (name: Fault, record = first): Hit<Fault> => ({
      case: name,
      at: timeOf(record),
      refs: [record.id],
      ...(name === "orphan" ? { inferred: true as const } : {}),
    });
    const fault = story.attribution && faults[story.attribution];
    const child = story.of("session").find(({ body }) => body.parent_session !== undefined);
    return [
      ...(fault === undefined ? [] : [hit(fault)]),
      ...(child === undefined || story.parentHeard !== false ? [] : [hit("orphan", child)]),
    ];
  },
});
