import type { CompletenessView } from "@custody/query-api";
import type { Command } from "commander";
import { type ApiFlags, createApiClient } from "../api-client.ts";
import { showCompleteness } from "../output/completeness.ts";
import { command, printerOf, reading } from "./command.ts";

interface CompletenessFlags extends ApiFlags {
  readonly json?: boolean;
  readonly from?: string;
  readonly to?: string;
}

/** `custody completeness` */
export function completenessCommand(): Command {
  return reading(
    command(
      "completeness",
      "who should report and was silent, what is missing, and what nobody could have seen",
      "custody completeness --from 2026-11-22T00:00:00Z",
    ),
  )
    .option("--from <time>", "RFC 3339; seven days before --to unless told, at most 31")
    .option("--to <time>", "RFC 3339; now unless told")
    .action(async (flags: CompletenessFlags) => {
      const { from, to } = flags;
      const client = createApiClient(flags, process.env);
      const told = (await client.get("/v1/completeness", { from, to })) as CompletenessView;
      const printer = printerOf(flags);
      printer.value(told, () => showCompleteness(told, printer));
    });
}
