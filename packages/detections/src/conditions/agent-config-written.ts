import { z } from "zod";
import { standingFor } from "../approvals.ts";
import { type Condition, condition } from "../condition.ts";
import { pathEntries, writesOneOf } from "../path-entries.ts";
import { timeOf } from "../record-order.ts";

/**
 * A call that ran wrote a file which tells agents, shells or pipelines what to do, and no person said yes to it.
 */
export const agentConfigWritten: Condition = condition({
  cases: ["found"],
  inputs: ["tool_call"],
  parameters: z.strictObject({ paths: pathEntries }),
  find: (story, { paths }) => {
    const isWritten = writesOneOf(paths);
    return story.calls.flatMap((call) => {
      if (call.status !== "executed") return [];
      if (!isWritten(call) || standingFor(call, story).some(({ body }) => body.by === "human"))
        return [];
      return [{ case: "found", at: timeOf(call.anchor), call: call.call, refs: [call.anchor.id] }];
    });
  },
});
