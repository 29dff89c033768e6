import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { limits } from "./limits.ts";
import type { TlsFiles } from "./quiet-agent.ts";

/** `all`: everything; `tools`: arguments, results, reasons; `none`: names, sizes and digests only. */
export type ContentMode = "all" | "tools" | "none";
/** How spans leave: the OTLP protocol, or what `OTEL_TRACES_EXPORTER` asks for instead. */
type ExporterName = "http/json" | "http/protobuf" | "grpc" | "console" | "none";

export interface Settings {
  readonly disabled: boolean;
  readonly debug: boolean;
  readonly agent: { readonly name: string; readonly version: string | undefined };
  readonly sessionId: string | undefined;
  readonly workspace: string;
  readonly srcId: string;
  readonly content: ContentMode;
  readonly contentCharsMax: number;
  readonly exporter: ExporterName;
  readonly endpoint: string;
  /** Set only when no `OTEL_EXPORTER_OTLP_*HEADERS` brings its own authorization. */
  readonly key: string | undefined;
  /** `OTEL_EXPORTER_OTLP_*HEADERS` as written, for the final flush; the exporter reads them itself. */
  readonly headers: string;
  readonly gzip: boolean;
  readonly tls: TlsFiles;
  readonly exportTimeoutMs: number;
  readonly flushTimeoutMs: number;
  readonly sendDelayMs: number;
  readonly queueSpansMax: number;
  readonly queueCharsMax: number;
  readonly batchSpansMax: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

export function readSettings(env: Environment, mainFile: string | undefined): Settings {
  const manifest = mainFile === undefined ? undefined : nearestManifest(dirname(mainFile));
  const name =
    env["CUSTODY_AGENT_NAME"] ??
    env["OTEL_SERVICE_NAME"] ??
    manifest?.name ??
    (mainFile === undefined ? "agent" : basename(mainFile).replace(/\.[cm]?[jt]s$/, ""));
  const flushTimeoutMs = numberOr(env["CUSTODY_FLUSH_TIMEOUT_MS"], limits.flushTimeoutMs);
  const exportTimeoutMs = numberOr(otlp(env, "TIMEOUT"), limits.exportTimeoutMs);
  return {
    disabled: isTrue(env["OTEL_SDK_DISABLED"]),
    debug: env["CUSTODY_DEBUG"] !== undefined && env["CUSTODY_DEBUG"] !== "0",
    agent: { name, version: manifest?.version },
    sessionId: env["CUSTODY_SESSION_ID"] || undefined,
    workspace: process.cwd(),
    srcId: `${name}@${hostname()}`,
    content: contentMode(env["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"]),
    contentCharsMax: Math.min(valueLengthLimit(env), limits.contentCharsMax),
    exporter: exporterName(env),
    endpoint: endpointOf(env),
    key: bringsAuthorization(env) ? undefined : env["CUSTODY_KEY"] || undefined,
    headers: [env["OTEL_EXPORTER_OTLP_HEADERS"], env["OTEL_EXPORTER_OTLP_TRACES_HEADERS"]]
      .filter(Boolean)
      .join(","),
    gzip: otlp(env, "COMPRESSION") === "gzip",
    tls: {
      ca: otlp(env, "CERTIFICATE"),
      cert: otlp(env, "CLIENT_CERTIFICATE"),
      key: otlp(env, "CLIENT_KEY"),
    },
    // The exporter's own retries hold the event loop: they may not outlast the flush timeout.
    exportTimeoutMs: Math.min(exportTimeoutMs, flushTimeoutMs),
    flushTimeoutMs,
    sendDelayMs: numberOr(env["OTEL_BSP_SCHEDULE_DELAY"], limits.sendDelayMs),
    queueSpansMax: numberOr(env["OTEL_BSP_MAX_QUEUE_SIZE"], limits.queueSpansMax),
    queueCharsMax: limits.queueCharsMax,
    batchSpansMax: numberOr(env["OTEL_BSP_MAX_EXPORT_BATCH_SIZE"], limits.batchSpansMax),
  };
}

/** The variable of the traces signal, else the one for all signals, as the OTLP exporter reads them. */
function otlp(env: Environment, name: string): string | undefined {
  return env[`OTEL_EXPORTER_OTLP_TRACES_${name}`] || env[`OTEL_EXPORTER_OTLP_${name}`] || undefined;
}

function isTrue(value: string | undefined): boolean {
  return value?.trim().toLowerCase() === "true";
}

function numberOr(value: string | undefined, fallback: number): number {
  const parsed = value === undefined || value.trim() === "" ? Number.NaN : Number(value);
  return Number.isFinite(parsed) && parsed > 0 ? parsed : fallback;
}

const contentModes: Readonly<Record<string, ContentMode>> = {
  true: "all",
  "1": "all",
  span_only: "all",
  span_and_event: "all",
  false: "none",
  "0": "none",
  no_content: "none",
  event_only: "none",
};

function contentMode(value: string | undefined): ContentMode {
  if (value === undefined || value.trim() === "") return "tools";
  // A word we do not know may be meant to keep content in: capture nothing rather than guess.
  return contentModes[value.trim().toLowerCase()] ?? "none";
}

function valueLengthLimit(env: Environment): number {
  const limit =
    env["OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT"] ?? env["OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT"];
  return numberOr(limit, limits.contentCharsMax);
}

function exporterName(env: Environment): ExporterName {
  const exporters = (env["OTEL_TRACES_EXPORTER"] ?? "otlp").split(",").map((word) => word.trim());
  if (exporters.includes("none")) return "none";
  if (!exporters.includes("otlp") && exporters.includes("console")) return "console";
  const protocol = otlp(env, "PROTOCOL");
  return protocol === "grpc" || protocol === "http/protobuf" ? protocol : "http/json";
}

function endpointOf(env: Environment): string {
  const specific = env["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];
  if (specific) return specific;
  const grpc = exporterName(env) === "grpc";
  const base = env["OTEL_EXPORTER_OTLP_ENDPOINT"] || `http://127.0.0.1:${grpc ? 4317 : 4318}`;
  return grpc ? base : `${base.replace(/\/+$/, "")}/v1/traces`;
}

function bringsAuthorization(env: Environment): boolean {
  const headers = `${env["OTEL_EXPORTER_OTLP_HEADERS"] ?? ""},${env["OTEL_EXPORTER_OTLP_TRACES_HEADERS"] ?? ""}`;
  return /(^|,)\s*authorization\s*=/i.test(headers);
}

interface Manifest {
  readonly name: string | undefined;
  readonly version: string | undefined;
}

function nearestManifest(folder: string): Manifest | undefined {
  for (let at = folder; ; at = dirname(at)) {
    try {
      const manifest: unknown = JSON.parse(readFileSync(join(at, "package.json"), "utf8"));
      if (typeof manifest !== "object" || manifest === null) return undefined;
      const { name, version } = manifest as Record<string, unknown>;
      return {
        name: typeof name === "string" ? name : undefined,
        version: typeof version === "string" ? version : undefined,
      };
    } catch {
      if (dirname(at) === at) return undefined;
    }
  }
}
