import { z } from "zod";
import type { AccessLog } from "../access.ts";
import type { ApiPorts, ServerStatus } from "../ports.ts";
import type { Route } from "../route.ts";

const count = z.number().nonnegative();
const statusSchema: z.ZodType<ServerStatus> = z.object({
  version: z.string(),
  reasons: z.array(z.string()),
  data: z.string(),
  store: z.enum(["embedded", "server"]),
  require_key: z.boolean(),
  findings: z.object({
    rules: count,
    look_failures: count,
    alert_targets: count,
    alerts_pending: count,
    alert_failures: count,
    alerts_given_up: count,
  }),
  journal: z.object({
    bytes: count,
    bytes_max: count,
    disk_free_bytes: z.number().nullable(),
    full_in_s: count.nullable(),
    disk_full_in_s: count.nullable(),
    warnings: z.array(z.string()),
  }),
  ledgers: z.array(
    z.object({
      tenant: z.string(),
      origin: z.string(),
      vkey: z.string(),
      size: count,
      stored: count,
      published: count,
      journal_bytes: count,
      store_lag_ms: count,
    }),
  ),
});

/** What an operator asks a running server: is it well, and is what it holds unchanged. */
export function statusRoutes(ports: ApiPorts, access: AccessLog): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/v1/status",
      summary: "Readiness, ledgers, and what the store holds",
      kinds: ["reader", "investigator", "auditor", "authority", "admin"],
      answer: statusSchema,
      async handle({ principal }) {
        const status = ports.status();
        const ledgers = status.ledgers.filter(({ tenant }) => tenant === principal.tenant);
        return { ...status, ledgers };
      },
    },
    {
      method: "POST",
      path: "/v1/fsck",
      summary: "Re-hash the tenant's records and re-fold its ledgers: findings, none when clean",
      kinds: ["auditor", "admin"],
      body: z.strictObject({}),
      answer: z.looseObject({}),
      async handle({ principal }) {
        await access.before(principal, { action: "admin", object: "fsck", result: "ok" });
        return ports.fsck(principal.tenant);
      },
    },
    {
      method: "POST",
      path: "/v1/snapshots",
      summary:
        "A copy of the data folder inside it, for `custody backup`: answers its place, nothing of what is in it",
      kinds: ["admin"],
      body: z.strictObject({}),
      answer: z.object({ id: z.string(), path: z.string() }),
      async handle({ principal }) {
        await access.before(principal, { action: "admin", object: "snapshots", result: "ok" });
        return ports.snapshot();
      },
    },
  ];
}
