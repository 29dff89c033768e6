import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { type ApiClient, type ApiFlags, createApiClient } from "../api-client.ts";
import { Stop } from "../exit-code.ts";
import type { Printer } from "../output/printer.ts";
import { bundleName } from "../runtime/verify-file.ts";
import { command, printerOf, reading } from "./command.ts";

interface ExportFlags extends ApiFlags {
  readonly json?: boolean;
  readonly framework: string;
  readonly from: string;
  readonly to: string;
  readonly out: string;
  readonly controls?: string;
  readonly purpose: string;
  readonly previous?: string;
  readonly failOnExceptions?: boolean;
}

interface Job {
  readonly id: string;
  readonly status: "running" | "done" | "failed";
  readonly progress: number;
  readonly step: string;
  readonly error: string | null;
  readonly summary: Summary | null;
}

interface Summary {
  readonly grades: Readonly<Record<string, unknown>>;
  readonly blind_spots: readonly string[];
  readonly controls: readonly {
    readonly id: string;
    readonly title: string;
    readonly result: string;
    readonly in_scope: number;
    readonly exceptions: number;
    readonly unable_because: readonly string[];
  }[];
  readonly checkpoint: { readonly origin: string; readonly size: number };
}

const pollMs = 250;

/** `custody export`: runs the controls over a period and writes a bundle that an auditor can check alone. */
export function exportCommand(): Command {
  return reading(
    command(
      "export",
      "write an evidence bundle of a period",
      "custody export --framework soc2 --from 2026-01-01 --to 2026-07-01 --out evidence.zip",
    ),
  )
    .requiredOption("--framework <name>", "soc2")
    .requiredOption("--from <time>", "first moment of the period, RFC 3339 or a date")
    .requiredOption(
      "--to <time>",
      "first moment after it; one in the future is clipped and marked interim",
    )
    .requiredOption("--out <file>", "the bundle, a ZIP")
    .option("--controls <ids>", "some controls only, separated by commas")
    .option(
      "--previous <file>",
      "an earlier bundle: the new one proves that the log only grew since",
    )
    .option("--purpose <text>", "why, as the access record will say", "evidence for review")
    .option("--fail-on-exceptions", "exit 1 if any control has exceptions")
    .action(async (flags: ExportFlags) => {
      if (flags.framework !== "soc2")
        throw new Stop("usage", `--framework takes soc2, not ${flags.framework}`);
      const printer = printerOf(flags);
      const client = createApiClient(flags, process.env);
      const job = await finished(client, printer, {
        framework: "soc2",
        from: edge(flags.from),
        to: edge(flags.to),
        purpose: flags.purpose,
        controls: flags.controls?.split(",") ?? [],
        ...(flags.previous === undefined ? {} : { previous: await bundleName(flags.previous) }),
      });
      const out = resolve(flags.out);
      mkdirSync(dirname(out), { recursive: true });
      writeFileSync(`${out}.part`, await client.bytes(`/v1/exports/${job.id}/bundle`), {
        mode: 0o600,
      });
      renameSync(`${out}.part`, out);
      printer.value({ ...job.summary, out }, () => print(printer, job.summary, out));
      const noted =
        job.summary?.controls.some(({ result }) => result === "exceptions_noted") ?? false;
      if (flags.failOnExceptions === true && noted) process.exitCode = 1;
    });
}

async function finished(client: ApiClient, printer: Printer, request: unknown): Promise<Job> {
  let job = (await client.post("/v1/exports", request)) as Job;
  while (job.status === "running") {
    printer.progress(`${Math.round(job.progress * 100)} % ${job.step}`);
    // One poll after another: the wait between them is the point.
    await new Promise((done) => setTimeout(done, pollMs));
    job = (await client.get(`/v1/exports/${job.id}`)) as Job;
  }
  printer.progress("100 %\n");
  if (job.status === "failed")
    throw new Stop("unreachable", `the export failed: ${job.error ?? "no reason given"}`);
  return job;
}

/** A date is its first moment in UTC. */
function edge(text: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
}

function print(printer: Printer, summary: Summary | null, out: string): void {
  if (summary === null) return;
  printer.line(`Grades: ${JSON.stringify(summary.grades)}`);
  printer.line("What we could not see:");
  for (const spot of summary.blind_spots) printer.line(`  - ${spot}`);
  printer.table(summary.controls, [
    { head: "CONTROL", cell: (row) => row.id },
    { head: "TITLE", cell: (row) => row.title, widthMax: 40 },
    { head: "IN SCOPE", cell: (row) => row.in_scope },
    { head: "EXCEPTIONS", cell: (row) => row.exceptions },
    { head: "RESULT", cell: (row) => row.result },
  ]);
  for (const { id, unable_because } of summary.controls) {
    for (const reason of unable_because) printer.line(`  ${id}: ${reason}`);
  }
  printer.line(`Wrote ${out}, of ${summary.checkpoint.origin} at size ${summary.checkpoint.size}.`);
  printer.line(`Check it anywhere: custody verify ${out}`);
}
