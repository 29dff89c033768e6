import type { LedgerRecord } from "@custody/model";

export type Severity = LedgerRecord<"finding">["body"]["severity"];

/** Lowest first. */
const severities: readonly Severity[] = ["low", "medium", "high", "critical"];

/** What somebody outside is told of one finding: names, ids and times, and no content. */
export interface Alert {
  readonly tenant: string;
  /** Id of the finding: the same on every delivery of it. */
  readonly finding: string;
  readonly rule: string;
  readonly rule_version: string;
  readonly title: string;
  readonly case: string;
  readonly severity: Severity;
  readonly session: string | null;
  readonly call: string | null;
  readonly at: string;
  readonly found_at: string;
  readonly path: string;
}

/** Where alerts go. Addresses come from the operator's configuration and from nowhere else. */
export type AlertTarget = {
  /** What the operator calls it; deliveries are recorded under this name. */
  readonly name: string;
  readonly minSeverity: Severity;
} & (
  | { readonly kind: "webhook"; readonly url: string; readonly secret: string }
  | {
      readonly kind: "syslog";
      readonly transport: "udp" | "tcp" | "tls";
      readonly host: string;
      readonly port: number;
      /** PEM of the authority that a TLS receiver is checked against; absent: those of the system. */
      readonly ca?: string;
    }
);

export function isWorth(alert: Alert, { minSeverity }: AlertTarget): boolean {
  return severities.indexOf(alert.severity) >= severities.indexOf(minSeverity);
}

export function alertOf(
  record: LedgerRecord<"finding">,
  titleOf: (rule: string, version: string) => string,
): Alert | undefined {
  const { body, tenant, session, call, ts, rx } = record;
  if (body.finding === undefined || body.status !== "open") return undefined;
  return {
    tenant,
    finding: body.finding,
    rule: body.rule,
    rule_version: body.rule_version,
    title: titleOf(body.rule, body.rule_version),
    case: body.case ?? "",
    severity: body.severity,
    session: session ?? null,
    call: call ?? null,
    at: ts,
    found_at: rx,
    path: `/v1/findings/${body.finding}`,
  };
}
