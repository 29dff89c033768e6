import type { Differing } from "@custody/query-api";
import type { Command } from "commander";
import { type ApiFlags, createApiClient } from "../api-client.ts";
import type { ColumnOf } from "../output/table.ts";
import { command, printerOf, reading } from "./command.ts";

interface DetectFlags extends ApiFlags {
  readonly json?: boolean;
  readonly from: string;
  readonly to: string;
  readonly dryRun?: boolean;
}

interface ReplayAnswer {
  readonly sessions: number;
  readonly days: number;
  readonly differs: readonly Differing[];
  readonly next: string | null;
}

const columns: readonly ColumnOf<Differing>[] = [
  { head: "BECOMES", cell: (row) => row.status },
  { head: "RULE", cell: (row) => `${row.rule} ${row.case}` },
  { head: "FINDING", cell: (row) => row.finding },
  { head: "SESSION", cell: (row) => row.session, widthMax: 40 },
  { head: "CALL", cell: (row) => row.call, widthMax: 32 },
];

/** `custody detect --from --to`: asks the rules of history again. The same rules and records give the same findings, and then nothing is written. */
export function detectCommand(): Command {
  return reading(
    command(
      "detect",
      "ask the rules of history again; writes nothing where nothing differs",
      "custody detect --replay --from 2026-11-01T00:00:00Z --to 2026-12-01T00:00:00Z --dry-run",
    ),
  )
    .requiredOption("--replay", "of what is stored; what comes in is looked at by itself")
    .requiredOption("--from <time>", "RFC 3339")
    .requiredOption("--to <time>", "RFC 3339")
    .option("--dry-run", "only say what would be written")
    .action(async (flags: DetectFlags) => {
      const client = createApiClient(flags, process.env);
      const printer = printerOf(flags);
      const { from, to, dryRun = false } = flags;
      const differs: Differing[] = [];
      let [sessions, days] = [0, 0];
      let cursor: string | null = null;
      do {
        // Each page begins behind the one before.
        const asked = { from, to, dry_run: dryRun, ...(cursor === null ? {} : { cursor }) };
        const answer = (await client.post("/v1/rules/replay", asked)) as ReplayAnswer;
        differs.push(...answer.differs);
        sessions += answer.sessions;
        days += answer.days;
        cursor = answer.next;
      } while (cursor !== null);
      const whole = { sessions, days, dry_run: dryRun, differs };
      printer.value(whole, () => {
        if (differs.length > 0) printer.table<Differing>(differs, columns);
        const done = dryRun ? "would be written" : "were written";
        printer.line(
          `${sessions} session(s) and ${days} day(s); ${differs.length} records ${done}.`,
        );
      });
    });
}
