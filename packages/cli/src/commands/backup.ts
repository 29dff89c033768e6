import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import type { ApiFlags } from "../api-client.ts";
import type { Manifest } from "../backup/manifest.ts";
import { dataFolder } from "../data-folder.ts";
import { command, printerOf, reading } from "./command.ts";

interface BackupFlags extends ApiFlags {
  readonly json?: boolean;
  readonly to: string;
  readonly config?: string;
  readonly withKeys?: boolean;
  readonly dryRun?: boolean;
}

/** `custody backup`: a consistent copy of a data folder, while it is written to or not. */
export function backupCommand(): Command {
  return reading(
    command(
      "backup",
      "copy a data folder, also while `custody up` writes to it",
      "custody backup --data ~/custody-data --to /backup/custody-2026-11-23.tar",
    ),
  )
    .requiredOption("--to <path>", "a folder to make, or a file that ends in .tar")
    .option(
      "--with-keys",
      "also the private keys log.key, bundle.key and admin.key, which sign and give access",
    )
    .option("--config <file>", "the YAML of `custody up`, where it names a ClickHouse server")
    .option("--dry-run", "say what would be copied, and copy nothing")
    .action(async (flags: BackupFlags) => {
      const data = dataFolder(flags.data, process.env);
      const to = resolve(flags.to);
      const { beginBackup, checkIsDataFolder } = await import("../backup/begin-backup.ts");
      const { refuseExisting, writeBackup } = await import("../backup/write-backup.ts");
      checkIsDataFolder(data);
      refuseExisting(to);
      if (flags.dryRun === true) return rehearse(data, to, flags);
      const printer = printerOf(flags);
      const snapshot = await beginBackup(data, flags);
      try {
        const { manifest, bytes } = await writeBackup(snapshot, to, {
          keys: flags.withKeys === true,
          onStep: createSteps((text) => printer.progress(text)),
        });
        const { files, ...rest } = manifest;
        const told = { ...rest, to, files: files.length, bytes, verified: true };
        printer.value(told, () => {
          for (const line of lines(manifest, to, bytes)) printer.line(line);
        });
      } finally {
        await rm(snapshot, { recursive: true, force: true });
      }
    });
}

/** Not every file: a store has many small ones. */
const stepMs = 1_000;

/** Progress once a second. */
export function createSteps(say: (text: string) => void): (step: string, bytes: number) => void {
  let last = 0;
  return (step, bytes) => {
    if (Date.now() - last < stepMs) return;
    last = Date.now();
    say(`${step} ${megabytes(bytes)}`);
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export const serverStoreSentence =
  "The rows lie in a ClickHouse server and are NOT in this back-up: back that up by its own means, after this command.";

function lines(manifest: Manifest, to: string, bytes: number): string[] {
  const { ledgers, files, store, left_out: leftOut, id } = manifest;
  return [
    `Wrote ${to}: ${files.length} files, ${megabytes(bytes)}, read back and compared. Back-up ${id}.`,
    ...ledgers.map(
      ({ tenant, origin, size, checkpoint }) =>
        `  ${tenant}: ${origin}, ${size} leaves, ${checkpoint === null ? "no checkpoint" : `checkpoint ${checkpoint.size}:${checkpoint.root}`}`,
    ),
    ...(store === "server" ? [serverStoreSentence] : []),
    leftOut.length > 0
      ? `LEFT OUT: ${leftOut.join(", ")}. A restored copy makes new ones and signs with those; --with-keys takes them along.`
      : "IT HOLDS PRIVATE KEYS where the folder had some: whoever reads it can sign as this installation and make any key.",
    "It holds what agents said, and each tenant's key: keep it as you keep the data folder.",
  ];
}

async function rehearse(data: string, to: string, flags: BackupFlags): Promise<void> {
  const { surveyFolder } = await import("../backup/survey.ts");
  const printer = printerOf(flags);
  const found = await surveyFolder(data, to, flags.withKeys === true);
  printer.value({ dry_run: true, data, to, ...found }, () => {
    printer.line(
      `Would copy about ${megabytes(found.bytes)} in ${found.files} files from ${data} to ${to}.`,
    );
    printer.line(`  free there: ${megabytes(found.free_bytes)}`);
    for (const origin of found.origins) printer.line(`  ledger ${origin}`);
    if (found.left_out.length > 0)
      printer.line(`  without ${found.left_out.join(", ")} (--with-keys)`);
  });
}
