import { readFileSync } from "node:fs";
import type { AlertTarget } from "@custody/collector";
import { z } from "zod";
import { Stop } from "../exit-code.ts";

const minSeverity = z.enum(["low", "medium", "high", "critical"]).default("high");
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "lower-case letters, digits and hyphens");

/** `alerts` of the configuration file. Secrets lie in files of their own, so that the configuration can be shown. */
export const alertsSchema = z
  .array(
    z.union([
      z.strictObject({
        name,
        webhook: z.url({ protocol: /^https?$/ }),
        secret_file: z.string().min(1),
        min_severity: minSeverity,
      }),
      z.strictObject({
        name,
        syslog: z.url({ protocol: /^(udp|tcp|tls)$/ }),
        ca_file: z.string().min(1).optional(),
        min_severity: minSeverity,
      }),
    ]),
  )
  .max(20)
  .refine((all) => new Set(all.map((one) => one.name)).size === all.length, "a name stands twice");
type AlertsConfig = z.output<typeof alertsSchema>;

/** A secret shorter than this is guessed. */
const secretUnitsMin = 16;
const ports = { udp: 514, tcp: 601, tls: 6514 } as const;

/** Where alerts go, with what lies in files read. */
export function alertTargets(alerts: AlertsConfig): readonly AlertTarget[] {
  return alerts.map((one): AlertTarget => {
    const common = { name: one.name, minSeverity: one.min_severity };
    if ("webhook" in one) {
      const secret = fileText(one.name, one.secret_file);
      if (secret.length < secretUnitsMin)
        throw new Stop(
          "usage",
          `alerts.${one.name}: the secret is shorter than ${secretUnitsMin} characters`,
        );
      return { ...common, kind: "webhook", url: one.webhook, secret };
    }
    const url = new URL(one.syslog);
    const transport = url.protocol.slice(0, -1) as keyof typeof ports;
    const host = url.hostname.replace(/^\[|\]$/g, "");
    if (host === "") throw new Stop("usage", `alerts.${one.name}: syslog names no host`);
    const port = url.port === "" ? ports[transport] : Number(url.port);
    const ca = one.ca_file === undefined ? {} : { ca: fileText(one.name, one.ca_file) };
    return { ...common, kind: "syslog", transport, host, port, ...ca };
  });
}

/** What the ledger may say of them: an address may hold a token. */
export function namedAlerts(alerts: AlertsConfig): readonly Readonly<Record<string, string>>[] {
  return alerts.map((one) => ({
    name: one.name,
    kind: "webhook" in one ? "webhook" : "syslog",
    min_severity: one.min_severity,
  }));
}

function fileText(alert: string, path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (cause) {
    const { message } = cause as Error;
    throw new Stop("usage", `alerts.${alert}: ${path} cannot be read: ${message}`, { cause });
  }
}
