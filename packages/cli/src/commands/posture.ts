import type { Scorecard } from "@custody/query-api";
import type { Command } from "commander";
import { type ApiFlags, createApiClient } from "../api-client.ts";
import { showPosture } from "../output/posture.ts";
import { command, printerOf, reading } from "./command.ts";

interface PostureFlags extends ApiFlags {
  readonly json?: boolean;
  readonly from?: string;
  readonly to?: string;
}

/** `custody posture` */
export function postureCommand(): Command {
  return reading(
    command(
      "posture",
      "how well the four layers stand: the worst indicator of each, and what to do next",
      "custody posture --from 2026-11-16T00:00:00Z",
    ),
  )
    .option("--from <time>", "RFC 3339; seven days before --to unless told, at most 31")
    .option("--to <time>", "RFC 3339; now unless told")
    .action(async (flags: PostureFlags) => {
      const { from, to } = flags;
      const client = createApiClient(flags, process.env);
      const card = (await client.get("/v1/posture", { from, to })) as Scorecard;
      const printer = printerOf(flags);
      printer.value(card, () => showPosture(card, printer));
    });
}
