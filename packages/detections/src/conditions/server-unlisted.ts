import type { LedgerRecord } from "@custody/model";
import { z } from "zod";
import { type Condition, condition, type Hit } from "../condition.ts";
import type { ApprovedServer } from "../evidence.ts";
import { isOf, timeOf } from "../record-order.ts";

type Fault = "unlisted" | "lookalike";

/**
 * An MCP server is loaded or used that the list of approved components does not name: `unlisted`; `lookalike`, its name reads like that of one which is.
 * Once for each server. Without such a list nothing is said. What a server's tools are, or whether they changed, no record tells.
 */
export const serverUnlisted: Condition = condition({
  cases: ["unlisted", "lookalike"],
  inputs: ["tool_call", "session"],
  parameters: z.strictObject({}),
  find: (story) => {
    const approved = story.policy.servers ?? [];
    const from = approved.map((one) => one.from).sort()[0];
    if (from === undefined) return [];
    const records = [...story.of("session"), ...story.of("tool_call")];
    return records.flatMap((record) => {
      const at = timeOf(record);
      if (at < from) return [];
      const names = approved.filter((one) => inForce(one, at)).map(({ name }) => name);
      return serversOf(record)
        .filter((name) => !names.includes(name))
        .map((name): Hit<Fault> => {
          const isAlike = names.some((one) => folded(one) === folded(name));
          return { case: isAlike ? "lookalike" : "unlisted", at, about: name, refs: [record.id] };
        });
    });
  },
});

function inForce({ from, to }: ApprovedServer, at: string): boolean {
  return from <= at && (to === undefined || at < to);
}

function serversOf(record: LedgerRecord): readonly string[] {
  if (isOf(record, "session")) return record.body.mcp_servers ?? [];
  return isOf(record, "tool_call") ? [record.body.mcp_server ?? []].flat() : [];
}

const alike: Readonly<Record<string, string>> = { "0": "o", "1": "l", i: "l", "5": "s", "3": "e" };

/** What is left of a name when it is read in a hurry. */
function folded(name: string): string {
  const letters = name
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z0-9]/g, "");
  return [...letters].map((one) => alike[one] ?? one).join("");
}
