import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { z } from "zod";

const deploy = fileURLToPath(new URL("../../deploy", import.meta.url));

const costs = z.record(z.string(), z.number().positive());
const { measured, assumed } = z
  .strictObject({
    measured: z.strictObject({
      otlpBytes: z.number(),
      storeBytes: z.number(),
      textIndexBytes: z.number(),
      batchFileBytes: z.number(),
      mainThreadUs: z.number(),
      collectorCpuUs: z.number(),
      engineCpuUs: z.number(),
      jobsCpuUs: z.number(),
    }),
    assumed: z.strictObject({
      peakOverMean: z.number(),
      busyMax: z.number(),
      replicas: z.number(),
      engineCores: z.number(),
      engineDiskTb: z.number(),
      diskFullMax: z.number(),
      outageHours: z.number(),
      yearsKept: z.number(),
    }),
  })
  .parse(JSON.parse(readFileSync(`${deploy}/sizing.json`, "utf8")));

const secondsPerYear = 365 * 86_400;
/** Processes or cores that carry `rate` records a second, each of `us` microseconds. */
const busy = (rate: number, us: number): number => (rate * us) / 1e6 / assumed.busyMax;

interface Size {
  readonly records: number;
  readonly mean: number;
  readonly peak: number;
  readonly collectors: number;
  readonly engineCores: number;
  readonly diskBytes: number;
  readonly shards: number;
  readonly journalBytes: number;
  readonly jobs: number;
}

function sizeOf(records: number): Size {
  const mean = records / secondsPerYear;
  const peak = mean * assumed.peakOverMean;
  const kept = records * assumed.yearsKept;
  const diskBytes = kept * (measured.storeBytes + measured.textIndexBytes);
  const engineCores = busy(peak, measured.engineCpuUs);
  const shards = Math.ceil(
    Math.max(
      diskBytes / (assumed.engineDiskTb * 1e12 * assumed.diskFullMax),
      engineCores / assumed.engineCores,
    ),
  );
  return {
    records,
    mean,
    peak,
    collectors: Math.ceil(busy(peak, measured.mainThreadUs)),
    engineCores,
    diskBytes,
    shards,
    journalBytes: peak * assumed.outageHours * 3600 * measured.batchFileBytes,
    jobs: (mean * measured.jobsCpuUs) / 1e6,
  };
}

const figure = (value: number): string =>
  value.toLocaleString("en-US", { maximumSignificantDigits: 2 });

function bytes(value: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  return `${figure(value / 1000 ** power)} ${units[power]}`;
}

function row(power: number): string {
  const size = sizeOf(10 ** power);
  const cells = [
    `10^${power}`,
    figure(size.mean),
    figure(size.peak),
    figure(size.collectors),
    figure(size.engineCores),
    bytes(size.diskBytes),
    figure(size.shards),
    figure(size.shards * assumed.replicas),
    bytes(size.journalBytes),
    `${figure(size.jobs * 100)} %`,
  ];
  return `| ${cells.join(" | ")} |`;
}

function tableOf(): string {
  const head = [
    "records a year",
    "a second, mean",
    "at peak",
    "collectors",
    "cores of the engine, one copy",
    "disk, one copy",
    "shards",
    "hosts",
    "journal of an outage",
    "one process's jobs",
  ];
  return [
    `| ${head.join(" | ")} |`,
    `|${"---:|".repeat(head.length)}`,
    ...[6, 7, 8, 9, 10, 11, 12].map(row),
  ].join("\n");
}

/** Replaces, or compares, what stands between a table's two marks. */
function hold(text: string, name: string, expected: string): string {
  const [before, rest] = text.split(`<!-- table ${name} -->\n`);
  const [found, after] = (rest ?? "").split("<!-- table end -->");
  if (before === undefined || found === undefined || after === undefined) {
    throw new Error(`deploy/SIZING.md has no table ${name}`);
  }
  if (process.env["CUSTODY_WRITE_TABLES"] !== "1") {
    expect(found.trimEnd(), "run again with CUSTODY_WRITE_TABLES=1").toBe(expected);
  }
  return [
    before,
    `<!-- table ${name} -->\n`,
    expected,
    "\n<!-- table end -->",
    rest?.slice(found.length + "<!-- table end -->".length),
  ].join("");
}

test("the table of sizes says what the measured costs come to", () => {
  const path = `${deploy}/SIZING.md`;
  const told = readFileSync(path, "utf8");
  const text = hold(told, "sizes", tableOf());
  if (text !== told) writeFileSync(path, text);
});

test("every cost of the model is named in its text, with its value", () => {
  const text = readFileSync(`${deploy}/SIZING.md`, "utf8");
  for (const [name, value] of Object.entries({ ...costs.parse(measured), ...assumed })) {
    expect(text).toContain(`\`${name}\` | ${value.toLocaleString("en-US")} |`);
  }
});
