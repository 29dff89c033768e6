import { resolve } from "node:path";
import type { Command } from "commander";
import type { Manifest } from "../backup/manifest.ts";
import { checkNotInWorkTree, dataFolder } from "../data-folder.ts";
import { Stop } from "../exit-code.ts";
import { createSteps, serverStoreSentence } from "./backup.ts";
import { command, printerOf } from "./command.ts";

interface RestoreFlags {
  readonly json?: boolean;
  readonly from: string;
  readonly data?: string;
  readonly dryRun?: boolean;
  readonly allowWorkspaceData?: boolean;
}

/** `custody restore`: a back-up as a data folder. Its ledgers are never continued: the first start opens new origins that follow them. */
export function restoreCommand(): Command {
  return command(
    "restore",
    "make a data folder of a back-up",
    "custody restore --from /backup/custody-2026-11-23.tar --data ~/custody-restored",
  )
    .requiredOption("--from <path>", "what `custody backup` wrote")
    .requiredOption("--data <dir>", "the folder to make; it must be empty or not there")
    .option("--dry-run", "compare the back-up with its list, and write nothing")
    .option("--allow-workspace-data", "let the data folder lie inside a git work tree")
    .action(async (flags: RestoreFlags) => {
      const from = resolve(flags.from);
      const data = dataFolder(flags.data, process.env);
      checkNotInWorkTree(data, flags.allowWorkspaceData === true);
      const { checkBackup, readBackup, refuseFilled } = await import("../backup/read-backup.ts");
      const printer = printerOf(flags);
      const onStep = createSteps((text) => printer.progress(text));
      refuseFilled(data);
      const dryRun = flags.dryRun === true;
      const manifest = dryRun
        ? await checkBackup(from, onStep)
        : await readBackup(from, data, onStep);
      const checked = dryRun ? undefined : await checkLedgers(data, manifest);
      const { files, ...rest } = manifest;
      const told = {
        ...rest,
        from,
        data,
        dry_run: dryRun,
        files: files.length,
        leaves: checked ?? null,
      };
      printer.value(told, () => {
        for (const line of lines(manifest, from, data, dryRun)) printer.line(line);
      });
    });
}

/** The restored ledgers, built again from their bytes and compared; with the rows where those came along. */
async function checkLedgers(data: string, { store }: Manifest): Promise<number> {
  const { checkRestored } = await import("../backup/check-restored.ts");
  const { findings, omitted, leaves } = await checkRestored(data, store);
  const [first] = findings;
  if (first === undefined) return leaves;
  throw new Stop(
    "no",
    `${data} was restored as it was backed up, but its ledgers are not clean: ${findings.length + omitted} finding(s), the first ${first.code} at ${first.at} of ${first.origin}; look with custody fsck`,
  );
}

function lines(manifest: Manifest, from: string, data: string, dryRun: boolean): string[] {
  const { ledgers, store, left_out: leftOut, taken, files } = manifest;
  const head = dryRun
    ? `${from} is whole: ${files.length} files, taken ${taken}.`
    : `Restored ${data} from ${from}, taken ${taken}; every file and every ledger was compared.`;
  const origins = ledgers
    .filter(({ current }) => current)
    .map(
      ({ origin, size }) =>
        `  ${origin} ends here at ${size} leaves: the first start opens a NEW ORIGIN after it`,
    );
  return [
    head,
    ...origins,
    ...(store === "server" ? [serverStoreSentence] : []),
    ...(leftOut.length > 0
      ? [
          `Not in the back-up: ${leftOut.join(", ")}. New ones are made; tell auditors the new origin's key.`,
        ]
      : []),
    ...(dryRun ? [] : [`Start it: custody up --data ${data}`]),
  ];
}
