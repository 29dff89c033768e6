import { z } from "zod";
import type { AccessLog } from "../access.ts";
import type { ApiPorts } from "../ports.ts";
import type { Route } from "../route.ts";

/** What an operator asks a running server: is it well, and is what it holds unchanged. */
export function statusRoutes(ports: ApiPorts, access: AccessLog): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/v1/status",
      summary: "Readiness, ledgers, and what the store holds",
      kinds: ["reader", "investigator", "auditor", "authority", "admin"],
      answer: z.looseObject({}),
      handle: async () => ({ reasons: ports.readiness() }),
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
  ];
}
