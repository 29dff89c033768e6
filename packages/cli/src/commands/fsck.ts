import { existsSync } from "node:fs";
import { join } from "node:path";
import type { FsckReport } from "@custody/ledger/fsck";
import type { Command } from "commander";
import { type ApiFlags, createApiClient } from "../api-client.ts";
import { dataFolder } from "../data-folder.ts";
import { Stop } from "../exit-code.ts";
import { command, printerOf, reading } from "./command.ts";

interface FsckFlags extends ApiFlags {
  readonly json?: boolean;
  readonly config?: string;
}

/** `custody fsck`: builds every ledger again from its bytes and compares. Exit 1 where anything differs. */
export function fsckCommand(): Command {
  return reading(
    command("fsck", "check that nothing stored was changed", "custody fsck --data ~/custody-data"),
  )
    .option("--config <file>", "the YAML of `custody up`, where it names a ClickHouse server")
    .action(async (flags: FsckFlags) => {
      const data = dataFolder(flags.data, process.env);
      const report = flags.api === undefined ? await ofFolder(data, flags) : await ofServer(flags);
      printerOf(flags).value(report, () => print(report));
      if (report.findings.length > 0 || report.omitted > 0) process.exitCode = 1;
    });
}

/** The folder itself where nobody holds it; else the server that does. */
async function ofFolder(data: string, flags: FsckFlags): Promise<FsckReport> {
  if (!existsSync(join(data, "tenants"))) {
    throw new Stop("usage", `${data} is not a data folder of Custody; name one with --data`);
  }
  // Loaded where it is needed: no other command waits for the store.
  const { checkOwnFolder } = await import("../runtime/check-own-folder.ts");
  const report = await checkOwnFolder(data, process.env, flags.config);
  return report === "held" ? ofServer({ ...flags, data }) : report;
}

async function ofServer(flags: FsckFlags): Promise<FsckReport> {
  return (await createApiClient(flags, process.env).post("/v1/fsck", {})) as FsckReport;
}

function print(report: FsckReport): void {
  const { ledgers, leaves, rows, checkpoints, seals } = report;
  const lines = report.findings.map(
    ({ code, origin, at, detail }) =>
      `${code} at ${at} of ${origin}${detail === undefined ? "" : `: ${detail}`}`,
  );
  if (report.omitted > 0) lines.push(`and ${report.omitted} more`);
  lines.push(
    `${ledgers} ledger(s), ${leaves} leaves, ${rows} rows, ${checkpoints} checkpoints, ${seals} seals: ${lines.length === 0 ? "clean" : "NOT CLEAN"}`,
  );
  process.stdout.write(`${lines.join("\n")}\n`);
}
