import { readFileSync } from "node:fs";
import { limits } from "@custody/model";
import { parse } from "yaml";
import { z } from "zod";
import { Stop } from "./exit-code.ts";
import { alertsSchema } from "./runtime/alert-targets.ts";

/** `true`, or one of the words for it in the environment. A word that is neither yes nor no is refused, not taken for a yes. */
const flag = z.union([z.boolean(), z.stringbool()], { error: "neither yes nor no" });
const port = z.coerce.number().int().min(0).max(65_535);

/** Every setting, with its default. Flags > environment (`CUSTODY_*`) > `--config FILE` > these. */
export const configSchema = z.strictObject({
  host: z.string().default("127.0.0.1").describe("address to listen on"),
  otlp_port: port.default(4318).describe("OTLP/HTTP and the other ingest paths"),
  grpc_port: z
    .union([port, z.literal("off")], { error: "neither a port nor `off`" })
    .default(4317)
    .describe("OTLP/gRPC: traces, logs, metrics; `off` leaves it closed"),
  api_port: port.default(4319).describe("query API"),
  tenant: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
    .default("default")
    .describe("tenant of requests without a key"),
  require_key: flag.default(false).describe("refuse OTLP without a key on loopback too"),
  behind_proxy: flag.default(false).describe("TLS is ended by a proxy in front"),
  content: z
    .enum(["open"])
    .optional()
    .describe("content mode; must be set to bind to more than loopback"),
  retention_days: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe(
      "must be stated to bind to more than loopback; recorded in the ledger, and not applied yet: this version deletes nothing",
    ),
  gap_after_s: z.coerce
    .number()
    .int()
    .min(1)
    .max(86_400)
    .default(900)
    .describe("seconds after which a number that a source skipped is recorded as a gap"),
  journal_bytes_max: z.coerce
    .number()
    .int()
    .min(2 * limits.requestInflatedBytesMax)
    .default(limits.journalBytesMax)
    .describe(
      "bytes of acknowledged records on the disk that wait for the store or a checkpoint, over all tenants; above it requests are refused with 503",
    ),
  disk_free_bytes_min: z.coerce
    .number()
    .int()
    .min(0)
    .default(limits.diskFreeBytesMin)
    .describe(
      "bytes of the data folder's disk that stay free, or a tenth of a smaller disk; below it requests are refused with 503",
    ),
  hosts: z.array(z.string()).default([]).describe("further values of Host that are answered"),
  origins: z.array(z.string()).default([]).describe("Origins that may ingest"),
  log: z.enum(["silent", "error", "warn", "info"]).default("warn").describe("log level on stderr"),
  rules: z.string().optional().describe("folder of rule files of your own, over those that ship"),
  alerts: alertsSchema
    .default([])
    .describe("who is told of findings: webhooks and syslog receivers"),
  jobs: flag
    .default(true)
    .describe("run rules and alerts here; of several processes on one store exactly one does"),
  traces_to: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      "OTLP/HTTP endpoint that gets traces of Custody itself, such as `http://127.0.0.1:4328/v1/traces`; never its own",
    ),
  clickhouse_url: z.url().optional().describe("a ClickHouse server instead of the embedded engine"),
});
export type Config = z.output<typeof configSchema>;
const keys = Object.keys(configSchema.shape);

/** Reads and merges; a fault names the key, where it came from, and the nearest key that exists. */
export function loadConfig(
  flags: Readonly<Record<string, unknown>>,
  env: NodeJS.ProcessEnv,
  file: string | undefined,
): Config {
  const fromFile = file === undefined ? {} : readFile(file);
  const fromEnv = Object.fromEntries(
    keys.flatMap((key) => {
      const text = env[`CUSTODY_${key.toUpperCase()}`];
      if (text === undefined) return [];
      return [[key, key === "hosts" || key === "origins" ? text.split(",") : text]];
    }),
  );
  const clickhouse = env["CLICKHOUSE_URL"];
  const merged = {
    ...(clickhouse === undefined ? {} : { clickhouse_url: clickhouse }),
    ...fromFile,
    ...fromEnv,
    ...Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined)),
  };
  const result = configSchema.safeParse(merged);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys
          .map((key) => `unknown key \`${key}\`; did you mean \`${nearest(key)}\`?`)
          .join("; ")
      : `\`${issue.path.join(".")}\`: ${issue.message}`,
  );
  throw new Stop("usage", `the configuration does not hold: ${faults.join("; ")}`);
}

function readFile(path: string): Record<string, unknown> {
  try {
    const value: unknown = parse(readFileSync(path, "utf8"));
    if (value === null || value === undefined) return {};
    if (typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (cause) {
    throw new Stop(
      "usage",
      `the configuration file ${path} cannot be read: ${(cause as Error).message}`,
      { cause },
    );
  }
  throw new Stop("usage", `the configuration file ${path} is not a mapping of keys`);
}

/** The known key with the smallest edit distance. */
function nearest(key: string): string {
  return [...keys].sort((left, right) => distance(key, left) - distance(key, right))[0] ?? "";
}

function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const change = left[i - 1] === right[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + change));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}

const loopback: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "localhost"]);

export function isLoopback(host: string): boolean {
  return loopback.has(host);
}

/** Binding to anything but loopback needs keys, TLS, a content mode and a retention, all said aloud (contract 3). */
export function checkExposure(config: Config): void {
  if (isLoopback(config.host)) return;
  const missing = [
    config.require_key ? undefined : "require_key: true",
    config.behind_proxy ? undefined : "behind_proxy: true, with TLS ended in front",
    config.content === undefined ? "content: open" : undefined,
    config.retention_days === undefined ? "retention_days" : undefined,
  ].filter((item) => item !== undefined);
  if (missing.length > 0) {
    throw new Stop(
      "usage",
      `binding to ${config.host} exposes what agents did; set first: ${missing.join(", ")}`,
    );
  }
}
