import { z } from "zod";
import { type Condition, condition } from "../condition.ts";
import { timeOf } from "../record-order.ts";

/** A call ran whose arguments name a place of credentials: a key file, a dump of the environment, a keychain, a secret store. */
export const secretAccessed: Condition = condition({
  cases: ["found"],
  inputs: ["tool_call"],
  parameters: z.strictObject({}),
  find: (story) =>
    story.calls.flatMap((call) => {
      if (call.status !== "executed" || !call.risk.has("secret_access")) return [];
      return [{ case: "found", at: timeOf(call.anchor), call: call.call, refs: [call.anchor.id] }];
    }),
});
