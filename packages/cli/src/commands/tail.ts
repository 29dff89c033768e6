import type { ActionView, Page } from "@custody/model";
import type { Command } from "commander";
import { type ApiFlags, createApiClient } from "../api-client.ts";
import { printable } from "../output/table.ts";
import { command, reading } from "./command.ts";
import { filters } from "./query.ts";

interface TailFlags extends ApiFlags {
  readonly json?: boolean;
  readonly where: readonly string[];
  readonly once?: boolean;
}

/** How often the newest actions are asked for. */
const everyMs = 1_000;
/** Actions remembered as shown; older ones have left the page by then. */
const shownMax = 10_000;

/** `custody tail`: actions as they arrive, until interrupted. */
export function tailCommand(): Command {
  return reading(command("tail", "show actions as they arrive", "custody tail --where agent=codex"))
    .option(
      "--where <field=value>",
      "a filter of the API; repeat for more",
      (value: string, before: readonly string[]) => [...before, value],
      [],
    )
    .option("--once", "show the newest page and end")
    .action(async (flags: TailFlags) => {
      const client = createApiClient(flags, process.env);
      const query = { ...filters(flags.where), limit: "100" };
      const shown = new Map<string, string>();
      for (;;) {
        // One poll after another: the wait between them is the point.
        const page = (await client.get("/v1/actions", query)) as Page<ActionView>;
        for (const action of [...page.items].reverse()) {
          const state = `${action.outcome.status}/${action.approvals.length}/${action.egress.length}`;
          if (shown.get(action.id) === state) continue;
          shown.set(action.id, state);
          process.stdout.write(flags.json ? `${JSON.stringify(action)}\n` : `${lineOf(action)}\n`);
        }
        for (const id of shown.keys()) {
          if (shown.size <= shownMax) break;
          shown.delete(id);
        }
        if (flags.once === true) return;
        await new Promise((resolve) => setTimeout(resolve, everyMs));
      }
    });
}

function lineOf(action: ActionView): string {
  const approvals =
    action.approvals.map(({ verdict, by }) => `${verdict} by ${by}`).join(", ") || "no approval";
  const egress = action.egress.map(({ host, action: did }) => `${host} ${did}`).join(", ");
  return printable(
    [
      action.started_at.slice(11, 23),
      action.agent,
      action.tool,
      `tier ${action.tier}`,
      approvals,
      action.outcome.status,
      egress,
    ]
      .filter((part) => part !== "")
      .join(" | "),
  );
}
