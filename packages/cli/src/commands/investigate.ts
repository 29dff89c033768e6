import type { Investigation } from "@custody/query-api";
import type { Command } from "commander";
import { type ApiFlags, createApiClient } from "../api-client.ts";
import { Stop } from "../exit-code.ts";
import { showInvestigation } from "../output/investigation.ts";
import { command, printerOf, reading } from "./command.ts";

interface InvestigateFlags extends ApiFlags {
  readonly json?: boolean;
  readonly at?: string;
  readonly within?: string;
  readonly host?: string;
  readonly principal?: string;
  readonly file?: string;
  readonly domain?: string;
}

/** `custody investigate` */
export function investigateCommand(): Command {
  return reading(
    command(
      "investigate",
      "from an alert to ordered evidence: which session, which action, and how sure that is",
      "custody investigate --at 2026-11-23T10:00:00Z --domain denied.example",
    ),
  )
    .option("--at <time>", "when it happened, RFC 3339; now unless told")
    .option("--within <span>", "how far around that time to look: 90s, 15m, 4h, at most 1d", "15m")
    .option("--domain <name>", "where a flow went; subdomains too")
    .option("--file <path>", "a path that was read, written or named; needs a key for content")
    .option("--host <name>", "the machine: holder of a key, claimed host, or client of a flow")
    .option("--principal <id>", "whom the agent worked for, or who approved")
    .action(async (flags: InvestigateFlags) => {
      const { at, within, host, principal, file, domain } = flags;
      if (at !== undefined && Number.isNaN(Date.parse(at))) {
        throw new Stop(
          "usage",
          "--at takes an RFC 3339 time with its zone, for example 2026-11-23T10:00:00Z",
        );
      }
      const client = createApiClient(flags, process.env);
      const query = { at, within, host, principal, file, domain };
      const told = (await client.get("/v1/investigate", query)) as Investigation;
      const printer = printerOf(flags);
      printer.value(told, () => showInvestigation(told, printer));
    });
}
